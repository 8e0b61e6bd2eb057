"""<instansi>/<tahun>/orang/…, pelimpahan/, hak-saya/, sistem/"""

from __future__ import annotations

from django.urls import path

from capaian.organisations import views, views_people, views_sistem

_AKUN = "orang/<int:user_id>/"

app_name = "organisations"
urlpatterns = [
    path("hak-saya/", views.hak_saya, name="hak_saya"),
    path("pelimpahan/", views.pelimpahan, name="pelimpahan"),
    path("pelimpahan/<int:delegation_id>/akhiri/", views.pelimpahan_akhiri, name="pelimpahan_akhiri"),
    path("sistem/", views_sistem.sistem, name="sistem"),
    path("orang/", views_people.orang, name="orang"),
    path("orang/baru/", views_people.akun_baru, name="akun_baru"),
    path("orang/lama/", views_people.akun_lama, name="akun_lama"),
    path(_AKUN, views_people.akun, name="akun"),
    path(f"{_AKUN}data/", views_people.akun_data, name="akun_data"),
    path(f"{_AKUN}sandi/", views_people.akun_sandi, name="akun_sandi"),
    path(f"{_AKUN}peran/", views_people.akun_peran, name="akun_peran"),
    path(f"{_AKUN}peran/<int:membership_id>/akhiri/", views_people.peran_akhiri, name="peran_akhiri"),
    path(f"{_AKUN}larangan/", views_people.akun_larangan, name="akun_larangan"),
    path(f"{_AKUN}larangan/<int:denial_id>/akhiri/", views_people.larangan_akhiri, name="larangan_akhiri"),
    path(f"{_AKUN}<slug:tindakan>/", views_people.akun_tindakan, name="akun_tindakan"),
]
