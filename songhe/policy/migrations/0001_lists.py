import django.db.models.deletion
import songhe.foundation.database.fields
import uuid
from django.db import migrations, models

from songhe.foundation.audit.migrating import Audited
from songhe.foundation.database.migrating import Granted, RegionSecurity

FROZEN = """
CREATE FUNCTION policy_release_frozen() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF OLD.state <> 'draft' AND (NEW.files, NEW.doubts, NEW.digest, NEW.from_date, NEW.parent_id, NEW.of_list_id, NEW.number)
        IS DISTINCT FROM (OLD.files, OLD.doubts, OLD.digest, OLD.from_date, OLD.parent_id, OLD.of_list_id, OLD.number) THEN
        RAISE EXCEPTION 'a release that left the draft does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state IN ('issued', 'superseded') AND NEW.state NOT IN ('issued', 'superseded') THEN
        RAISE EXCEPTION 'an issued release stays issued' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON policy_release FOR EACH ROW EXECUTE FUNCTION policy_release_frozen();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Instrument',
            fields=[
                ('key', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('number', models.CharField(blank=True, max_length=60)),
                ('issuer', models.CharField(blank=True, max_length=100)),
                ('region', songhe.foundation.database.fields.RegionCodeField(db_collation='C', max_length=12)),
                ('issued_date', models.DateField(null=True)),
                ('status', models.CharField(blank=True, max_length=40)),
                ('notes', models.TextField(blank=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('region_code', songhe.foundation.database.fields.RegionCodeField(db_collation='C', max_length=12)),
                ('code', models.CharField(max_length=12, unique=True)),
                ('item', models.CharField(blank=True, max_length=60)),
                ('words', models.CharField(max_length=1000)),
                ('contact_sealed', models.BinaryField(null=True)),
                ('said_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, max_length=1000)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.UUIDField(null=True)),
                ('answerer', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'indexes': [models.Index(fields=['region_code', 'id'], name='policy_opinion_region')],
            },
        ),
        migrations.CreateModel(
            name='ServiceList',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('region', songhe.foundation.database.fields.RegionCodeField(db_collation='C', max_length=12)),
            ],
            options={
                'indexes': [models.Index(fields=['region', 'id'], name='policy_list_region')],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('draft', '草稿'), ('proposed', '等审批'), ('approved', '批准了，等印发'), ('issued', '施行中'), ('superseded', '已被取代'), ('dropped', '作废')], default='draft', max_length=12)),
                ('version', models.PositiveIntegerField(default=1)),
                ('from_date', models.DateField()),
                ('until_date', models.DateField(null=True)),
                ('files', models.JSONField(default=dict)),
                ('doubts', models.TextField(blank=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('drafted_by', models.UUIDField(null=True)),
                ('drafter', models.CharField(blank=True, max_length=40)),
                ('proposed_by', models.UUIDField(null=True)),
                ('proposer', models.CharField(blank=True, max_length=40)),
                ('proposed_at', models.DateTimeField(null=True)),
                ('approved_by', models.UUIDField(null=True)),
                ('approver', models.CharField(blank=True, max_length=40)),
                ('approved_at', models.DateTimeField(null=True)),
                ('issued_by', models.UUIDField(null=True)),
                ('issuer', models.CharField(blank=True, max_length=40)),
                ('issued_at', models.DateTimeField(null=True)),
                ('refusal', models.CharField(blank=True, max_length=400)),
                ('based_on', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policy.release')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='heirs', to='policy.release')),
                ('of_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='policy.servicelist')),
            ],
        ),
        migrations.CreateModel(
            name='Simulation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('on_date', models.DateField()),
                ('changes', models.JSONField(default=dict)),
                ('result', models.JSONField(default=dict)),
                ('attached', models.BooleanField(default=False)),
                ('made_by', models.UUIDField(null=True)),
                ('maker', models.CharField(max_length=40)),
                ('made_at', models.DateTimeField()),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='simulations', to='policy.release')),
            ],
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deed', models.CharField(max_length=20)),
                ('words', models.CharField(blank=True, max_length=400)),
                ('done_by', models.UUIDField(null=True)),
                ('doer', models.CharField(max_length=40)),
                ('done_at', models.DateTimeField()),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='policy.release')),
            ],
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.UniqueConstraint(fields=('of_list', 'number'), name='policy_release_number'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('until_date__isnull', True), ('until_date__gt', models.F('from_date')), _connector='OR'), name='policy_release_dates'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='policy_release_two'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'proposed', 'approved'))), fields=('of_list',), name='policy_release_one'),
        ),
        migrations.RunSQL(
            FROZEN, "DROP TRIGGER frozen ON policy_release; DROP FUNCTION policy_release_frozen()"
        ),
        Granted("policy_instrument", "policy_servicelist", "policy_release", privileges="SELECT, INSERT, UPDATE"),
        Granted("policy_step", privileges="SELECT, INSERT"),
        Granted("policy_simulation"),
        RegionSecurity("policy_opinion", privileges="SELECT, INSERT, UPDATE"),
        Audited("policy_release", region="", values=("state", "number", "from_date", "digest")),
        Audited("policy_opinion", values=("item", "code")),
    ]
