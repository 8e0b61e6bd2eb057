from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from capaian.web import views
from capaian.web.health import health

app_name = "web"
urlpatterns = [
    path("masuk/", views.Login.as_view(), name="login"),
    # Also for who is between the two steps of the login and turns back.
    path("keluar/", login_not_required(LogoutView.as_view()), name="logout"),
    path("sehat/", health, name="health"),
    path("regulasi/", views.regulasi, name="regulasi"),
    path("regulasi/<path:pack_id>/", views.regulasi_pack, name="regulasi_pack"),
]
