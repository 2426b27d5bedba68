import django.contrib.postgres.fields
import django.db.models.deletion
import songhe.foundation.database.fields
import uuid
from django.db import migrations, models

from songhe.foundation.audit.migrating import Audited
from songhe.foundation.database.migrating import Granted, RegionSecurity


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0006_facts_a_person'),
        ('policy', '0001_lists'),
    ]

    operations = [
        migrations.CreateModel(
            name='ItemCount',
            fields=[
                ('pk', models.CompositePrimaryKey('region_code', 'position', blank=True, editable=False, primary_key=True, serialize=False)),
                ('region_code', songhe.foundation.database.fields.RegionCodeField(db_collation='C', max_length=12)),
                ('position', models.PositiveSmallIntegerField()),
                ('on_date', models.DateField()),
                ('people', models.PositiveIntegerField()),
                ('yes', models.PositiveIntegerField()),
                ('unknown', models.PositiveIntegerField()),
                ('receiving', models.PositiveIntegerField()),
                ('gap', models.PositiveIntegerField()),
                ('beyond', models.PositiveIntegerField()),
                ('fen', models.BigIntegerField()),
            ],
            options={
                'db_table': 'decisions_count',
            },
        ),
        migrations.CreateModel(
            name='ListedItem',
            fields=[
                ('slug', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField(unique=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('position__lt', 63)), name='decisions_item_word')],
            },
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('region_code', songhe.foundation.database.fields.RegionCodeField(db_collation='C', max_length=12)),
                ('kind', models.CharField(choices=[('full', '全部重算'), ('changed', '有变动的')], max_length=10)),
                ('on_date', models.DateField()),
                ('releases', models.JSONField(default=list)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('started_by', models.UUIDField(null=True)),
                ('starter', models.CharField(max_length=40)),
                ('figures', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['region_code', '-started_at'], name='decisions_run_region')],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('region_code', songhe.foundation.database.fields.RegionCodeField(db_collation='C', max_length=12)),
                ('item', models.CharField(max_length=60)),
                ('from_date', models.DateField()),
                ('until_date', models.DateField(null=True)),
                ('reason', models.CharField(max_length=200)),
                ('paused_by', models.UUIDField(null=True)),
                ('pauser', models.CharField(max_length=40)),
                ('paused_at', models.DateTimeField()),
                ('resumed_by', models.UUIDField(null=True)),
                ('resumer', models.CharField(blank=True, max_length=40)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['region_code', 'id'], name='decisions_pause_region')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until_date__isnull', True)), fields=('person', 'item'), name='decisions_pause_now')],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('region_code', songhe.foundation.database.fields.RegionCodeField(db_collation='C', max_length=12)),
                ('item', models.CharField(max_length=60)),
                ('from_date', models.DateField()),
                ('until_date', models.DateField(null=True)),
                ('source', models.CharField(max_length=40)),
                ('recorded_at', models.DateTimeField()),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
            ],
            options={
                'indexes': [models.Index(fields=['region_code', 'id'], name='decisions_receipt_region')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until_date__isnull', True)), fields=('person', 'item'), name='decisions_receipt_now'), models.CheckConstraint(condition=models.Q(('until_date__isnull', True), ('until_date__gt', models.F('from_date')), _connector='OR'), name='decisions_receipt_dates')],
            },
        ),
        migrations.CreateModel(
            name='Matter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('region_code', songhe.foundation.database.fields.RegionCodeField(db_collation='C', max_length=12)),
                ('door', models.UUIDField()),
                ('item', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('offer', '可享没享'), ('soon', '快到年龄'), ('stop', '不再可享'), ('ask', '缺一项')], max_length=8)),
                ('question', models.CharField(blank=True, max_length=40)),
                ('from_date', models.DateField(null=True)),
                ('due_date', models.DateField()),
                ('opened_at', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, choices=[('offered', '告诉了，在考虑'), ('accepted', '要办'), ('declined', '不要'), ('unreached', '没找到人'), ('corrected', '改了情况'), ('stopped', '已停'), ('moot', '不用办了')], max_length=10)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.UUIDField(null=True)),
                ('closer', models.CharField(blank=True, max_length=40)),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                ('run', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='decisions.run')),
            ],
            options={
                'indexes': [models.Index(fields=['region_code', 'id'], name='decisions_matter_region'), models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['door'], name='decisions_matter_door'), models.Index(fields=['person', 'item'], name='decisions_matter_person')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('person', 'item', 'kind'), name='decisions_matter_once'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('outcome', '')), models.Q(('closed_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='decisions_matter_outcome')],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('region_code', songhe.foundation.database.fields.RegionCodeField(db_collation='C', max_length=12)),
                ('position', models.PositiveSmallIntegerField()),
                ('on_date', models.DateField()),
                ('before', models.CharField(blank=True, choices=[('y', '可享'), ('n', '不可享'), ('u', '待核')], max_length=1)),
                ('after', models.CharField(choices=[('y', '可享'), ('n', '不可享'), ('u', '待核')], max_length=1)),
                ('fen_before', models.IntegerField(null=True)),
                ('fen_after', models.IntegerField(null=True)),
                ('person', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='decisions.run')),
            ],
            options={
                'indexes': [models.Index(fields=['region_code', 'id'], name='decisions_change_region'), models.Index(fields=['person', '-id'], name='decisions_change_person'), models.Index(fields=['run', 'position'], name='decisions_change_run')],
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('person', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='people.person')),
                ('region_code', songhe.foundation.database.fields.RegionCodeField(db_collation='C', max_length=12)),
                ('on_date', models.DateField()),
                ('yes', models.BigIntegerField()),
                ('unknown', models.BigIntegerField()),
                ('fen', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(null=True), size=None)),
                ('release', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policy.release')),
            ],
            options={
                'indexes': [models.Index(fields=['region_code', 'person'], name='decisions_standing_region')],
            },
        ),
        Granted("decisions_listeditem", privileges="SELECT, INSERT"),
        RegionSecurity("decisions_run", privileges="SELECT, INSERT, UPDATE"),
        RegionSecurity("decisions_standing", "decisions_receipt", "decisions_pause", "decisions_matter", "decisions_count"),
        RegionSecurity("decisions_change", privileges="SELECT, INSERT"),
        Audited("decisions_receipt", subject="person_id", values=("item", "from_date", "until_date", "source")),
        Audited("decisions_pause", subject="person_id", values=("item", "from_date", "until_date")),
        Audited("decisions_matter", subject="person_id", values=("item", "kind", "outcome")),
    ]
