from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from capaian.web import views

app_name = "web"
urlpatterns = [
    path("masuk/", views.Login.as_view(), name="login"),
    path("keluar/", LogoutView.as_view(), name="logout"),
    path("regulasi/", views.regulasi, name="regulasi"),
    path("regulasi/<path:pack_id>/", views.regulasi_pack, name="regulasi_pack"),
]
