from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_notices")]

    operations = [
        migrations.AlterField(model_name="notice", name="key", field=models.CharField(max_length=160)),
        migrations.AddField(model_name="notice", name="text_sealed", field=models.BinaryField(blank=True, default=bytes)),
        migrations.RemoveIndex(model_name="notice", name="notifications_notice_queue"),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                fields=["jurisdiction", "state", "created_at"],
                condition=models.Q(("state__in", ["queued", "failed"])),
                name="notifications_notice_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                fields=["jurisdiction", "recipient"],
                condition=models.Q(("read_at", None), ("way", "inbox")),
                name="notifications_notice_unread",
            ),
        ),
    ]
