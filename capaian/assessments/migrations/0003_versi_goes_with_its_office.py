"""A version in use is not taken away by itself, but goes with its office. No change of SQL."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0002_evidence_and_closing"),
    ]

    operations = [
        migrations.AlterField(
            model_name="pengaturanpenilaian",
            name="versi",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="pengaturan", to="assessments.versiinstrumen"
            ),
        ),
        migrations.AlterField(
            model_name="penilaian",
            name="versi",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="penilaian", to="assessments.versiinstrumen"
            ),
        ),
    ]
