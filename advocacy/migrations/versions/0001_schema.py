"""The tables of the first version that a public site may run."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "alternative_tallies",
        sa.Column("campaign", sa.String(length=60), nullable=False),
        sa.Column("template", sa.String(length=121), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("alternative", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "campaign", "template", "language", "place", "alternative", name=op.f("pk_alternative_tallies")
        ),
    )
    op.create_table(
        "answer_figures",
        sa.Column("campaign", sa.String(length=60), nullable=False),
        sa.Column("legislator_id", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cell", sa.String(length=60), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "legislator_id", "day", "cell", name=op.f("pk_answer_figures")),
    )
    op.create_table(
        "answer_tallies",
        sa.Column("campaign", sa.String(length=60), nullable=False),
        sa.Column("legislator_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("within_days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "legislator_id", "kind", "within_days", name=op.f("pk_answer_tallies")),
    )
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("availability_version", sa.Integer(), nullable=False),
        sa.Column("availability", sa.String(16), nullable=False),
        sa.Column("availability_reason", sa.Text(), nullable=False),
        sa.Column("wrong_before", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("name", name=op.f("uq_campaigns_name")),
    )
    op.create_table(
        "choice_counts",
        sa.Column("legislator_id", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("choice", sa.String(length=100), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("legislator_id", "fingerprint", "choice", name=op.f("pk_choice_counts")),
    )
    op.create_table(
        "confirmations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("campaign", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_hash", sa.String(length=64), nullable=True),
        sa.Column("mailbox_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bounce_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
    )
    op.create_index(op.f("ix_confirmations_email_hash"), "confirmations", ["email_hash"], unique=False)
    op.create_index(op.f("ix_confirmations_expires_at"), "confirmations", ["expires_at"], unique=False)
    op.create_index(op.f("ix_confirmations_mailbox_hash"), "confirmations", ["mailbox_hash"], unique=False)
    op.create_table(
        "data_sets",
        sa.Column("key", sa.String(length=50), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_data_sets")),
    )
    op.create_table(
        "doubtful_addresses",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("email", name=op.f("pk_doubtful_addresses")),
    )
    op.create_table(
        "feature_tallies",
        sa.Column("campaign", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("feature", sa.String(length=16), nullable=False),
        sa.Column("cell", sa.String(length=16), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "day", "feature", "cell", name=op.f("pk_feature_tallies")),
    )
    op.create_table(
        "letter_tallies",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("campaign", sa.String(length=60), nullable=False),
        sa.Column("template", sa.String(length=121), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("riding_code", sa.String(length=5), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "campaign", "template", "language", "riding_code", name=op.f("pk_letter_tallies")
        ),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("pace_key", sa.String(length=100), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("resent", sa.Boolean(), nullable=False),
        sa.Column("provider_id", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("kind", "ref", name=op.f("uq_messages_kind_ref")),
        sa.UniqueConstraint("public_id", name=op.f("uq_messages_public_id")),
    )
    op.create_index("ix_messages_kind_state_id", "messages", ["kind", "state", "id"], unique=False)
    op.create_index("ix_messages_pace_key_state", "messages", ["pace_key", "state"], unique=False)
    op.create_index("ix_messages_state_first_due_at", "messages", ["state", "first_due_at"], unique=False)
    op.create_index(
        "ix_messages_state_priority_due_at_id", "messages", ["state", "priority", "due_at", "id"], unique=False
    )
    op.create_table(
        "outbox_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_holds")),
    )
    op.create_table(
        "own_lists",
        sa.Column("campaign", sa.String(length=60), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting", sa.LargeBinary(), nullable=True),
        sa.Column("waiting_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("campaign", name=op.f("pk_own_lists")),
    )
    op.create_table(
        "paces",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_paces")),
    )
    op.create_table(
        "periodic_runs",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_periodic_runs")),
    )
    op.create_table(
        "provider_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("provider_event_id", sa.String(length=200), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reported", sa.String(16), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_events")),
        sa.UniqueConstraint(
            "provider", "provider_event_id", name=op.f("uq_provider_events_provider_provider_event_id")
        ),
    )
    op.create_index(op.f("ix_provider_events_public_id"), "provider_events", ["public_id"], unique=False)
    op.create_table(
        "provider_outages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("rest_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_outages")),
    )
    op.create_table(
        "rate_limits",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "began_at", name=op.f("pk_rate_limits")),
    )
    op.create_index(op.f("ix_rate_limits_expires_at"), "rate_limits", ["expires_at"], unique=False)
    op.create_table(
        "ridings",
        sa.Column("fed_code", sa.String(length=5), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=False),
        sa.PrimaryKeyConstraint("fed_code", name=op.f("pk_ridings")),
    )
    op.create_index(op.f("ix_ridings_province"), "ridings", ["province"], unique=False)
    op.create_table(
        "spent_challenges",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_spent_challenges")),
    )
    op.create_index(op.f("ix_spent_challenges_expires_at"), "spent_challenges", ["expires_at"], unique=False)
    op.create_table(
        "staff_accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=512), nullable=True),
        sa.Column("totp_last", sa.BigInteger(), nullable=True),
        sa.Column("mf_recovery_codes", sa.Text(), nullable=True),
        sa.Column("fs_webauthn_user_handle", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_accounts_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_staff_accounts_fs_uniquifier")),
        sa.UniqueConstraint("fs_webauthn_user_handle", name=op.f("uq_staff_accounts_fs_webauthn_user_handle")),
    )
    op.create_table(
        "suppressions",
        sa.Column("campaign", sa.String(length=60), nullable=False),
        sa.Column("email_hash", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "email_hash", name=op.f("pk_suppressions")),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("availability", sa.String(16), nullable=False),
        sa.Column("availability_reason", sa.Text(), nullable=False),
        sa.Column("wrong_before", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_documents_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("campaign_id", "name", name=op.f("uq_documents_campaign_id_name")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("progress_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_accounts.id"], name=op.f("fk_jobs_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_jobs_account_id"), "jobs", ["account_id"], unique=False)
    op.create_table(
        "legislators",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("chamber", sa.String(length=32), nullable=False),
        sa.Column("office", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("source_id", sa.String(length=100), nullable=True),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("gender", sa.String(32), nullable=True),
        sa.Column("preferred_language", sa.String(32), nullable=True),
        sa.Column("riding_code", sa.String(length=5), nullable=True),
        sa.Column("district", sa.JSON(), nullable=True),
        sa.Column("province", sa.String(length=2), nullable=True),
        sa.Column("party", sa.JSON(), nullable=True),
        sa.Column("honorific", sa.String(length=50), nullable=False),
        sa.Column("privy_councillor", sa.Boolean(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=True),
        sa.Column("responsible_for", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("addresses", sa.JSON(), nullable=False),
        sa.Column("profile", sa.JSON(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("retires_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("campaign", sa.String(length=60), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["riding_code"], ["ridings.fed_code"], name=op.f("fk_legislators_riding_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legislators")),
        sa.UniqueConstraint("chamber", "source_id", name=op.f("uq_legislators_chamber_source_id")),
    )
    op.create_index(op.f("ix_legislators_campaign"), "legislators", ["campaign"], unique=False)
    op.create_index(op.f("ix_legislators_chamber"), "legislators", ["chamber"], unique=False)
    op.create_index(op.f("ix_legislators_office"), "legislators", ["office"], unique=False)
    op.create_index(op.f("ix_legislators_province"), "legislators", ["province"], unique=False)
    op.create_index(op.f("ix_legislators_riding_code"), "legislators", ["riding_code"], unique=False)
    op.create_table(
        "message_moves",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("by", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_moves_message_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_moves")),
    )
    op.create_index(op.f("ix_message_moves_message_id"), "message_moves", ["message_id"], unique=False)
    op.create_table(
        "riding_aliases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("riding_code", sa.String(length=5), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["riding_code"], ["ridings.fed_code"], name=op.f("fk_riding_aliases_riding_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_riding_aliases")),
    )
    op.create_index(op.f("ix_riding_aliases_riding_code"), "riding_aliases", ["riding_code"], unique=False)
    op.create_table(
        "staff_account_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_accounts.id"], name=op.f("fk_staff_account_mails_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_account_mails")),
    )
    op.create_index(op.f("ix_staff_account_mails_account_id"), "staff_account_mails", ["account_id"], unique=False)
    op.create_table(
        "staff_audit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reason_salt", sa.String(length=32), nullable=False),
        sa.Column("reason_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["staff_accounts.id"], name=op.f("fk_staff_audit_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_audit")),
    )
    op.create_index(op.f("ix_staff_audit_account_id"), "staff_audit", ["account_id"], unique=False)
    op.create_index(op.f("ix_staff_audit_act"), "staff_audit", ["act"], unique=False)
    op.create_table(
        "staff_campaign_rules",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_staff_campaign_rules_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_staff_campaign_rules")),
    )
    op.create_table(
        "staff_invitations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["invited_by"], ["staff_accounts.id"], name=op.f("fk_staff_invitations_invited_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_invitations")),
    )
    op.create_index(op.f("ix_staff_invitations_email"), "staff_invitations", ["email"], unique=False)
    op.create_table(
        "staff_passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=True),
        sa.Column("transports", sa.Text(), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(length=64), nullable=False),
        sa.Column("extensions", sa.String(length=255), nullable=True),
        sa.Column(
            "create_datetime", sa.DateTime(timezone=True), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.Column("lastuse_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("usage", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["staff_accounts.id"], name=op.f("fk_staff_passkeys_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_staff_passkeys_credential_id")),
    )
    op.create_index(op.f("ix_staff_passkeys_user_id"), "staff_passkeys", ["user_id"], unique=False)
    op.create_table(
        "staff_proposed_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("records", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["staff_accounts.id"], name=op.f("fk_staff_proposed_lists_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_proposed_lists")),
    )
    op.create_index(op.f("ix_staff_proposed_lists_account_id"), "staff_proposed_lists", ["account_id"], unique=False)
    op.create_table(
        "staff_results_subscriptions",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["staff_accounts.id"],
            name=op.f("fk_staff_results_subscriptions_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_staff_results_subscriptions_campaign_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "campaign_id", name=op.f("pk_staff_results_subscriptions")),
    )
    op.create_table(
        "staff_schedules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("revisions", sa.JSON(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after_publication_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_staff_schedules_campaign_id")),
        sa.ForeignKeyConstraint(["made_by"], ["staff_accounts.id"], name=op.f("fk_staff_schedules_made_by")),
        sa.ForeignKeyConstraint(["settled_by"], ["staff_accounts.id"], name=op.f("fk_staff_schedules_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_schedules")),
    )
    op.create_index(op.f("ix_staff_schedules_campaign_id"), "staff_schedules", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_staff_schedules_outcome"), "staff_schedules", ["outcome"], unique=False)
    op.create_table(
        "submissions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("contents_hash", sa.String(length=64), nullable=True),
        sa.Column("confirmation_id", sa.String(length=32), nullable=True),
        sa.Column("campaign", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("standing", sa.String(16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_hash", sa.String(length=64), nullable=True),
        sa.Column("mailbox_hash", sa.String(length=64), nullable=True),
        sa.Column("consent_text", sa.String(length=40), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asks_for_answers", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmation_id"], ["confirmations.id"], name=op.f("fk_submissions_confirmation_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_submissions_key_hash")),
    )
    op.create_index(
        "ix_submissions_asks_for_answers",
        "submissions",
        ["confirmed_at"],
        unique=False,
        sqlite_where=sa.text("asks_for_answers = 1"),
        postgresql_where=sa.text("asks_for_answers"),
    )
    op.create_index(op.f("ix_submissions_confirmation_id"), "submissions", ["confirmation_id"], unique=False)
    op.create_index(op.f("ix_submissions_email_hash"), "submissions", ["email_hash"], unique=False)
    op.create_index(op.f("ix_submissions_mailbox_hash"), "submissions", ["mailbox_hash"], unique=False)
    op.create_index(op.f("ix_submissions_standing"), "submissions", ["standing"], unique=False)
    op.create_table(
        "digests",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("legislator_id", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["legislator_id"], ["legislators.id"], name=op.f("fk_digests_legislator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("legislator_id", "day", "part", name=op.f("uq_digests_legislator_id_day_part")),
    )
    op.create_table(
        "job_files",
        sa.Column("job_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_files_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job_files")),
    )
    op.create_table(
        "legislator_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("legislator_id", sa.String(length=100), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("source_value", sa.JSON(), nullable=True),
        sa.Column("source_then", sa.JSON(), nullable=True),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["legislator_id"], ["legislators.id"], name=op.f("fk_legislator_corrections_legislator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legislator_corrections")),
        sa.UniqueConstraint("legislator_id", "field", name=op.f("uq_legislator_corrections_legislator_id_field")),
    )
    op.create_index(
        op.f("ix_legislator_corrections_legislator_id"), "legislator_corrections", ["legislator_id"], unique=False
    )
    op.create_table(
        "office_links",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("legislator_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("former", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["legislator_id"], ["legislators.id"], name=op.f("fk_office_links_legislator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_links")),
    )
    op.create_index(op.f("ix_office_links_expires_at"), "office_links", ["expires_at"], unique=False)
    op.create_index(op.f("ix_office_links_legislator_id"), "office_links", ["legislator_id"], unique=False)
    op.create_table(
        "office_settings",
        sa.Column("legislator_id", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(16), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("takes_digest", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("acknowledgement", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["legislator_id"], ["legislators.id"], name=op.f("fk_office_settings_legislator_id")),
        sa.PrimaryKeyConstraint("legislator_id", name=op.f("pk_office_settings")),
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_revisions_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_revisions_document_id_number")),
    )
    op.create_table(
        "staff_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("writers", sa.JSON(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["staff_accounts.id"], name=op.f("fk_staff_drafts_account_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_staff_drafts_document_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_staff_drafts_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_drafts")),
        sa.UniqueConstraint("document_id", name=op.f("uq_staff_drafts_document_id")),
    )
    op.create_index(op.f("ix_staff_drafts_account_id"), "staff_drafts", ["account_id"], unique=False)
    op.create_table(
        "stored_letters",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("submission_id", sa.String(length=32), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(length=60), nullable=False),
        sa.Column("template", sa.String(length=121), nullable=False),
        sa.Column("pins", sa.JSON(), nullable=False),
        sa.Column("legislator_id", sa.String(length=100), nullable=False),
        sa.Column("riding_code", sa.String(length=5), nullable=True),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("letter_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_before", sa.Date(), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("own_words", sa.Integer(), nullable=True),
        sa.Column("riding_match", sa.String(16), nullable=True),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("follows_id", sa.String(length=32), nullable=True),
        sa.Column("follow_kind", sa.String(16), nullable=True),
        sa.ForeignKeyConstraint(["legislator_id"], ["legislators.id"], name=op.f("fk_stored_letters_legislator_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_stored_letters_submission_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_letters")),
        sa.UniqueConstraint(
            "submission_id", "legislator_id", name=op.f("uq_stored_letters_submission_id_legislator_id")
        ),
    )
    op.create_index(op.f("ix_stored_letters_code_hash"), "stored_letters", ["code_hash"], unique=True)
    op.create_index(op.f("ix_stored_letters_follows_id"), "stored_letters", ["follows_id"], unique=False)
    op.create_index(
        "ix_stored_letters_legislator_id_created_at", "stored_letters", ["legislator_id", "created_at"], unique=False
    )
    op.create_index(op.f("ix_stored_letters_submission_id"), "stored_letters", ["submission_id"], unique=False)
    op.create_table(
        "answers",
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["stored_letters.id"], name=op.f("fk_answers_letter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_answers")),
    )
    op.create_table(
        "digest_letters",
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("digest_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digests.id"], name=op.f("fk_digest_letters_digest_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["stored_letters.id"], name=op.f("fk_digest_letters_letter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_digest_letters")),
    )
    op.create_index(op.f("ix_digest_letters_digest_id"), "digest_letters", ["digest_id"], unique=False)
    op.create_table(
        "own_texts",
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("legislator_id", sa.String(length=100), nullable=False),
        sa.Column("kept_percent", sa.Integer(), nullable=True),
        sa.Column("sketch", sa.LargeBinary(), nullable=True),
        sa.Column("group_key", sa.String(length=32), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["stored_letters.id"], name=op.f("fk_own_texts_letter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_own_texts")),
    )
    op.create_index(
        "ix_own_texts_legislator_id_confirmed_at", "own_texts", ["legislator_id", "confirmed_at"], unique=False
    )
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_publications_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )
    op.create_index(op.f("ix_publications_revision_id"), "publications", ["revision_id"], unique=False)
    op.create_table(
        "revision_files",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_revision_files_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "name", name=op.f("pk_revision_files")),
    )
    op.create_table(
        "staff_authorships",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("over_revision_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["staff_accounts.id"], name=op.f("fk_staff_authorships_account_id")),
        sa.ForeignKeyConstraint(
            ["over_revision_id"], ["revisions.id"], name=op.f("fk_staff_authorships_over_revision_id")
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_staff_authorships_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_staff_authorships")),
    )
    op.create_index(op.f("ix_staff_authorships_account_id"), "staff_authorships", ["account_id"], unique=False)
    op.create_table(
        "staff_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("word", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["staff_accounts.id"], name=op.f("fk_staff_proposals_answered_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["staff_accounts.id"], name=op.f("fk_staff_proposals_asked_by")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["staff_accounts.id"], name=op.f("fk_staff_proposals_reviewer_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_staff_proposals_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_proposals")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_staff_proposals_revision_id")),
    )
    op.create_table(
        "staff_review_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(16), nullable=True),
        sa.Column("cell", sa.String(length=80), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("resolved_by", sa.Integer(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["staff_accounts.id"], name=op.f("fk_staff_review_entries_account_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_staff_review_entries_document_id")),
        sa.ForeignKeyConstraint(
            ["resolved_by"], ["staff_accounts.id"], name=op.f("fk_staff_review_entries_resolved_by")
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_staff_review_entries_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_review_entries")),
    )
    op.create_index(op.f("ix_staff_review_entries_act_id"), "staff_review_entries", ["act_id"], unique=False)
    op.create_index(op.f("ix_staff_review_entries_document_id"), "staff_review_entries", ["document_id"], unique=False)


def downgrade() -> None:
    for table in (
        "staff_review_entries",
        "staff_proposals",
        "staff_authorships",
        "revision_files",
        "publications",
        "own_texts",
        "digest_letters",
        "answers",
        "stored_letters",
        "staff_drafts",
        "revisions",
        "office_settings",
        "office_links",
        "legislator_corrections",
        "job_files",
        "digests",
        "submissions",
        "staff_schedules",
        "staff_results_subscriptions",
        "staff_proposed_lists",
        "staff_passkeys",
        "staff_invitations",
        "staff_campaign_rules",
        "staff_audit",
        "staff_account_mails",
        "riding_aliases",
        "message_moves",
        "legislators",
        "jobs",
        "documents",
        "suppressions",
        "staff_accounts",
        "spent_challenges",
        "ridings",
        "rate_limits",
        "provider_outages",
        "provider_events",
        "periodic_runs",
        "paces",
        "own_lists",
        "outbox_holds",
        "messages",
        "letter_tallies",
        "feature_tallies",
        "doubtful_addresses",
        "data_sets",
        "confirmations",
        "choice_counts",
        "campaigns",
        "answer_tallies",
        "answer_figures",
        "alternative_tallies",
    ):
        op.drop_table(table)
