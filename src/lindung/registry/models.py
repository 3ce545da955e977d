"""People, units, employers, regions, schemes, documents, files, users and their reach, and the audit trail."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Region(models.Model):
    """A region by its Kemendagri code (PP.KK.CC.VVVV), today's or former. Loaded from `generated/regions.parquet`."""

    code = models.CharField(max_length=13, primary_key=True)
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=8)
    former = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Scheme(models.Model):
    """One local protection scheme. What it says stands in its versions; this row is what a bulk write locks."""

    slug = models.SlugField(max_length=60, unique=True)
    locality = models.ForeignKey(Region, on_delete=models.PROTECT)
    demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.slug


class SchemeVersion(models.Model):
    """The text of a scheme file as it was loaded. Never changed."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "sha256"], name="scheme_version_once")]


class Document(models.Model):
    """A regulation, agreement, circular or letter, with its stage."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, null=True, related_name="documents")
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=60, blank=True)
    year = models.SmallIntegerField(null=True)
    dated = models.DateField(null=True)
    status = models.CharField(max_length=20)
    title_id = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    parties = models.CharField(max_length=300, blank=True)
    ends_on = models.DateField(null=True)  # the last day on which it counts; home warns before

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "kind", "number", "year"], name="document_once")
        ]


class Unit(models.Model):
    """The office that proposes and answers for people: OPD, kecamatan, kelurahan."""

    KINDS = [("opd", _("City agency")), ("kecamatan", _("District")), ("kelurahan", _("Kelurahan"))]

    locality = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=KINDS)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    npp = models.CharField(max_length=12, blank=True)
    branch = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["locality", "code"], name="unit_once")]

    def __str__(self) -> str:
        return self.name


class Employer(models.Model):
    """A private employer in the city, and how far it has registered its workers."""

    STATUSES = [
        ("compliant", _("Compliant")),
        ("partly", _("Partly registered")),
        ("arrears", _("In arrears")),
        ("unregistered", _("Not registered")),
    ]

    locality = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    npp = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=160)
    workers = models.IntegerField()
    registered_workers = models.IntegerField()
    status = models.CharField(max_length=12, choices=STATUSES)
    demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["locality", "name"], name="employer_once"),
            models.CheckConstraint(
                name="employer_workers",
                condition=Q(
                    workers__gte=0, registered_workers__gte=0, registered_workers__lte=models.F("workers")
                ),
                violation_error_message=_("An employer cannot have more registered workers than workers."),
            ),
        ]


class Person(models.Model):
    """A human being, once. The NIK identifies; nothing else does."""

    nik = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=160)
    birth_date = models.DateField()
    birth_place = models.CharField(max_length=80, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    mother_name = models.CharField(max_length=160, blank=True)
    address = models.CharField(max_length=240, blank=True)
    rt = models.SmallIntegerField(null=True)
    rw = models.SmallIntegerField(null=True)
    kelurahan = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    phone = models.CharField(max_length=20, blank=True)
    kk_number = models.CharField(max_length=16, blank=True)
    died_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="person_nik_16_digits",
                condition=Q(nik__regex=r"^[0-9]{16}$"),
                violation_error_message=_("A NIK has 16 digits."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OutsideCover(models.Model):
    """Cover that somebody else pays for, as told by the BPJS branch or another payer."""

    nik = models.CharField(max_length=16, db_index=True)
    name = models.CharField(max_length=160)
    birth_date = models.DateField(null=True)
    segment = models.CharField(max_length=5)
    payer = models.CharField(max_length=160)
    since = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["nik", "segment", "payer"], name="outside_cover_once")]


class Death(models.Model):
    """A death as told by Disdukcapil, the kelurahan or the family."""

    nik = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=160)
    birth_date = models.DateField(null=True)
    died_on = models.DateField()
    certificate = models.CharField(max_length=60, blank=True)


class StoredFile(models.Model):
    """A file as it came in or went out; its bytes stand in the data folder under their hash."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=240)
    size = models.BigIntegerField()
    stored_at = models.DateTimeField(auto_now_add=True)


class CitySetting(models.Model):
    """A dated fact of a city that a rule takes as an argument: holidays, programmes of non-ASN, letterhead …"""

    locality = models.ForeignKey(Region, on_delete=models.PROTECT)
    key = models.CharField(max_length=60)
    valid_from = models.DateField()
    value = models.JSONField()
    source = models.CharField(max_length=240, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["locality", "key", "valid_from"], name="city_setting_once")
        ]


class Marker(models.Model):
    """What this database is: the demo writes its own mark here, and touches only an empty or a marked database."""

    key = models.CharField(max_length=40, unique=True)
    value = models.JSONField()


class UserManager(BaseUserManager["User"]):
    pass


class User(AbstractBaseUser):
    login = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=160)
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)
    language = models.CharField(max_length=2, default="id")

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """What somebody may do, and how far it reaches: a scheme (or all), a unit with all below it (or all)."""

    ROLES = [
        ("office", _("Programme office")),
        ("operator", _("Unit operator")),
        ("head", _("Head of unit")),
        ("approver", _("Approver")),
        ("checker", _("Checker")),
        ("legal", _("Legal office")),
        ("treasurer", _("Treasurer")),
        ("branch", _("BPJS branch")),
        ("auditor", _("Auditor")),
        ("administrator", _("Administrator")),
        ("pptk", _("PPTK, who asks for payment (SPP)")),
        ("ppk", _("PPK-SKPD, who checks payments")),
        ("pa", _("PA/KPA, who orders payment (SPM)")),
        ("bpkad", _("BPKAD, who pays (SP2D)")),
        ("employer", _("Employer")),
        ("permit", _("Permit counter (employer status)")),
        ("province", _("Province or region (figures only)")),
    ]

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=16, choices=ROLES)
    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, null=True)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True)
    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "scheme", "unit", "employer"], name="role_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="role_of_employer",
                condition=Q(employer__isnull=False, role="employer")
                | (Q(employer__isnull=True) & ~Q(role="employer")),
                violation_error_message=_("An employer's role names the employer, and no other role does."),
            ),
        ]


class Invitation(models.Model):
    """A code that sets a password once: the first one, or another one after it was forgotten. Only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    code_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class SecondFactor(models.Model):
    """The authenticator of an account: its secret, the newest step it was used at, hashes of unused recovery codes."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    secret = models.CharField(max_length=32)
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    recovery = ArrayField(models.CharField(max_length=64), default=list)


class SignedIn(models.Model):
    """A device on which somebody is signed in, by its session."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    session = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    address = models.CharField(max_length=64, blank=True)
    browser = models.CharField(max_length=200, blank=True)


class Tally(models.Model):
    """How often something was tried since when: one count for all serving processes."""

    key = models.CharField(max_length=200, primary_key=True)
    count = models.IntegerField()
    until = models.DateTimeField()


class AuditCheck(models.Model):
    """The result of a verification of the trail: when, up to which entry, and what was found."""

    at = models.DateTimeField()
    head = models.CharField(max_length=64)
    problems = models.JSONField(default=list)


class AuditEntry(models.Model):
    """One action: who, in which role, from where, did what, to which records. Chained by hash; append only."""

    id = models.BigIntegerField(primary_key=True)
    position = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, db_constraint=False)
    role = models.CharField(max_length=16)
    channel = models.CharField(max_length=16)
    address = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=60)
    subjects = models.JSONField()
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)


class Touched(models.Model):
    """The newest entry that changed anything in a record table: what was reckoned before it may be old."""

    table = models.CharField(max_length=63, primary_key=True)
    position = models.BigIntegerField()
    hash = models.CharField(max_length=64)


class Figure(models.Model):
    """A figure that took seconds to reckon, for all processes that serve; right while the entry of `hash` is the newest."""

    key = models.CharField(max_length=200, primary_key=True)
    position = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    seconds = models.FloatField()
    value = models.BinaryField()


class History(models.Model):
    """What a statement did to a record table. Inserted rows are kept as ranges and a digest, changed rows whole."""

    entry_id = models.BigIntegerField(db_index=True)
    table = models.CharField(max_length=63, db_column="table_name")
    operation = models.CharField(max_length=1)
    row_id = models.BigIntegerField(null=True)
    ids = ArrayField(BigIntegerRangeField(), null=True)
    columns = ArrayField(models.TextField(), null=True)
    digest = models.DecimalField(max_digits=40, decimal_places=0, null=True)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["table", "row_id"], name="history_of_row")]
