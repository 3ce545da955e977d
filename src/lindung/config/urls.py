from django.urls import include, path

urlpatterns = [path("", include("lindung.web.urls"))]
