"""Whether a load of files states an amount. All that stood here before came from a load."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("budget", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="is_loaded",
            field=models.BooleanField(default=default, verbose_name="dari berkas"),
        )
        if default
        else migrations.AlterField(
            model_name=name,
            name="is_loaded",
            field=models.BooleanField(default=False, verbose_name="dari berkas"),
        )
        for name in ("pagu", "realisasianggaran")
        for default in (True, False)
    ]
