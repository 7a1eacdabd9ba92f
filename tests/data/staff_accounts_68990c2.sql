-- A database of advocacy at 68990c2, made with that commit's own code: one manager with a password, an app, two
-- passkeys of one name and ten recovery codes, and the audit log. Loaded by tests/web/staff/test_older_accounts.py.
-- key of the app: EJSGYDMBSCZFMCWBPCXTLZR4M6WJL4U6
-- recovery code: 6ef6-ea24-6520
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0009');
CREATE TABLE campaigns (
	id INTEGER NOT NULL, 
	name VARCHAR(60) NOT NULL, 
	CONSTRAINT pk_campaigns PRIMARY KEY (id), 
	CONSTRAINT uq_campaigns_name UNIQUE (name)
);
CREATE TABLE choice_counts (
	legislator_id VARCHAR(100) NOT NULL, 
	fingerprint VARCHAR(16) NOT NULL, 
	choice VARCHAR(100) NOT NULL, 
	count INTEGER NOT NULL, 
	CONSTRAINT pk_choice_counts PRIMARY KEY (legislator_id, fingerprint, choice)
);
CREATE TABLE confirmations (
	id VARCHAR(32) NOT NULL, 
	campaign VARCHAR(60) NOT NULL, 
	language VARCHAR(16) NOT NULL, 
	email_sealed BLOB, 
	email_hash VARCHAR(64), 
	token_hash VARCHAR(64) NOT NULL, 
	token_sealed BLOB, 
	created_at DATETIME NOT NULL, 
	due_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	receipt_hash VARCHAR(64), 
	receipt_sealed BLOB, 
	told_at DATETIME, bounce_told_at DATETIME, 
	CONSTRAINT pk_confirmations PRIMARY KEY (id), 
	CONSTRAINT uq_confirmations_receipt_hash UNIQUE (receipt_hash), 
	CONSTRAINT uq_confirmations_token_hash UNIQUE (token_hash)
);
CREATE TABLE counts (
	kind VARCHAR(20) NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	day DATE NOT NULL, 
	count INTEGER NOT NULL, 
	CONSTRAINT pk_counts PRIMARY KEY (kind, "key", day)
);
CREATE TABLE data_sets (
	"key" VARCHAR(50) NOT NULL, 
	as_of DATE NOT NULL, 
	source VARCHAR(200) NOT NULL, 
	origin VARCHAR(32) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	rows INTEGER NOT NULL, 
	imported_at DATETIME NOT NULL, 
	CONSTRAINT pk_data_sets PRIMARY KEY ("key")
);
CREATE TABLE documents (
	id INTEGER NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	name VARCHAR(60) NOT NULL, 
	CONSTRAINT pk_documents PRIMARY KEY (id), 
	CONSTRAINT fk_documents_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaigns (id), 
	CONSTRAINT uq_documents_campaign_id_name UNIQUE (campaign_id, name)
);
CREATE TABLE doubtful_addresses (
	email VARCHAR(254) NOT NULL, 
	since DATETIME NOT NULL, 
	reason VARCHAR(60) NOT NULL, 
	CONSTRAINT pk_doubtful_addresses PRIMARY KEY (email)
);
CREATE TABLE legislator_corrections (
	id INTEGER NOT NULL, 
	legislator_id VARCHAR(100) NOT NULL, 
	field VARCHAR(40) NOT NULL, 
	value JSON, 
	source_value JSON, 
	source_then JSON, 
	"by" INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_legislator_corrections PRIMARY KEY (id), 
	CONSTRAINT uq_legislator_corrections_legislator_id_field UNIQUE (legislator_id, field), 
	CONSTRAINT fk_legislator_corrections_legislator_id FOREIGN KEY(legislator_id) REFERENCES legislators (id)
);
CREATE TABLE legislators (
	id VARCHAR(100) NOT NULL, 
	chamber VARCHAR(32) NOT NULL, 
	office VARCHAR(32) NOT NULL, 
	status VARCHAR(32) NOT NULL, 
	source_id VARCHAR(100), 
	first_name VARCHAR(100) NOT NULL, 
	last_name VARCHAR(100) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	gender VARCHAR(32), 
	preferred_language VARCHAR(32), 
	riding_code VARCHAR(5), 
	district JSON, 
	province VARCHAR(2), 
	party JSON, 
	honorific VARCHAR(50) NOT NULL, 
	privy_councillor BOOLEAN NOT NULL, 
	title JSON, 
	email VARCHAR(254), 
	addresses JSON NOT NULL, 
	profile JSON, 
	since DATE, 
	retires_on DATE, 
	note TEXT NOT NULL, 
	source VARCHAR(100) NOT NULL, 
	as_of DATE NOT NULL, responsible_for VARCHAR(200) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_legislators PRIMARY KEY (id), 
	CONSTRAINT fk_legislators_riding_code FOREIGN KEY(riding_code) REFERENCES ridings (fed_code), 
	CONSTRAINT uq_legislators_chamber_source_id UNIQUE (chamber, source_id)
);
CREATE TABLE letter_tallies (
	day DATE NOT NULL, 
	campaign VARCHAR(60) NOT NULL, 
	template VARCHAR(121) NOT NULL, 
	language VARCHAR(16) NOT NULL, 
	riding_code VARCHAR(5) NOT NULL, 
	letters INTEGER NOT NULL, 
	CONSTRAINT pk_letter_tallies PRIMARY KEY (day, campaign, template, language, riding_code)
);
CREATE TABLE mailings (
	"key" VARCHAR(64) NOT NULL, 
	due_at DATETIME NOT NULL, 
	CONSTRAINT pk_mailings PRIMARY KEY ("key", due_at)
);
CREATE TABLE message_moves (
	id INTEGER NOT NULL, 
	message_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	"by" VARCHAR(16) NOT NULL, 
	reason VARCHAR(60) NOT NULL, 
	CONSTRAINT pk_message_moves PRIMARY KEY (id), 
	CONSTRAINT fk_message_moves_message_id FOREIGN KEY(message_id) REFERENCES messages (id) ON DELETE CASCADE
);
CREATE TABLE messages (
	id INTEGER NOT NULL, 
	public_id VARCHAR(32) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	ref VARCHAR(64) NOT NULL, 
	pace_key VARCHAR(100), 
	state VARCHAR(16) NOT NULL, 
	due_at DATETIME NOT NULL, 
	lease_until DATETIME, 
	attempt INTEGER NOT NULL, 
	tries INTEGER NOT NULL, 
	resent BOOLEAN NOT NULL, 
	provider_id VARCHAR(200), 
	reason VARCHAR(60) NOT NULL, 
	created_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	CONSTRAINT pk_messages PRIMARY KEY (id), 
	CONSTRAINT uq_messages_kind_ref UNIQUE (kind, ref), 
	CONSTRAINT uq_messages_public_id UNIQUE (public_id)
);
CREATE TABLE outbox_holds (
	id INTEGER NOT NULL, 
	reason VARCHAR(60) NOT NULL, 
	since DATETIME NOT NULL, 
	"by" VARCHAR(16) NOT NULL, 
	CONSTRAINT pk_outbox_holds PRIMARY KEY (id)
);
CREATE TABLE paces (
	"key" VARCHAR(100) NOT NULL, 
	next_at DATETIME NOT NULL, 
	CONSTRAINT pk_paces PRIMARY KEY ("key")
);
CREATE TABLE provider_events (
	id INTEGER NOT NULL, 
	provider VARCHAR(20) NOT NULL, 
	provider_event_id VARCHAR(200) NOT NULL, 
	public_id VARCHAR(32) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	reported VARCHAR(16), 
	at DATETIME NOT NULL, 
	received_at DATETIME NOT NULL, 
	reason VARCHAR(60) NOT NULL, 
	raw JSON NOT NULL, 
	CONSTRAINT pk_provider_events PRIMARY KEY (id), 
	CONSTRAINT uq_provider_events_provider_provider_event_id UNIQUE (provider, provider_event_id)
);
CREATE TABLE publications (
	id INTEGER NOT NULL, 
	revision_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_publications PRIMARY KEY (id), 
	CONSTRAINT fk_publications_revision_id FOREIGN KEY(revision_id) REFERENCES revisions (id)
);
CREATE TABLE revision_files (
	revision_id INTEGER NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	content BLOB NOT NULL, 
	CONSTRAINT pk_revision_files PRIMARY KEY (revision_id, name), 
	CONSTRAINT fk_revision_files_revision_id FOREIGN KEY(revision_id) REFERENCES revisions (id)
);
CREATE TABLE revisions (
	id INTEGER NOT NULL, 
	document_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	author VARCHAR(16) NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_revisions PRIMARY KEY (id), 
	CONSTRAINT fk_revisions_document_id FOREIGN KEY(document_id) REFERENCES documents (id), 
	CONSTRAINT uq_revisions_document_id_number UNIQUE (document_id, number)
);
CREATE TABLE riding_aliases (
	id INTEGER NOT NULL, 
	riding_code VARCHAR(5) NOT NULL, 
	name JSON NOT NULL, 
	CONSTRAINT pk_riding_aliases PRIMARY KEY (id), 
	CONSTRAINT fk_riding_aliases_riding_code FOREIGN KEY(riding_code) REFERENCES ridings (fed_code)
);
CREATE TABLE ridings (
	fed_code VARCHAR(5) NOT NULL, 
	name JSON NOT NULL, 
	province VARCHAR(2) NOT NULL, 
	CONSTRAINT pk_ridings PRIMARY KEY (fed_code)
);
CREATE TABLE staff_accounts (
	id INTEGER NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	name VARCHAR(100) NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	language VARCHAR(16) NOT NULL, 
	password VARCHAR(255), 
	active BOOLEAN NOT NULL, 
	fs_uniquifier VARCHAR(64) NOT NULL, 
	tf_primary_method VARCHAR(64), 
	tf_totp_secret VARCHAR(512), 
	totp_last BIGINT, 
	mf_recovery_codes TEXT, 
	fs_webauthn_user_handle VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	seen_at DATETIME, 
	CONSTRAINT pk_staff_accounts PRIMARY KEY (id), 
	CONSTRAINT uq_staff_accounts_email UNIQUE (email), 
	CONSTRAINT uq_staff_accounts_fs_uniquifier UNIQUE (fs_uniquifier), 
	CONSTRAINT uq_staff_accounts_fs_webauthn_user_handle UNIQUE (fs_webauthn_user_handle)
);
INSERT INTO "staff_accounts" VALUES(1,'maude@example.ca','Maude','manager','fr','$argon2id$v=19$m=19456,t=2,p=1$2/tfy/m/lxLC+H9PKeV8bw$7jem5mEi57ngfkPFQLSL6NdYeDIx+/vNTO4n+sXuaVA',1,'4069826aa487a74506a0b7ece5f1d774','authenticator','{"enckey":{"c":1,"k":"BY7EI6UH5MK4NNETQBYIKCW3VWTFCJYD","s":"XG3TNJTU5Z666PMH6CPA","t":"86517456","v":1},"type":"totp","v":1}',NULL,'3211744582c736f6afdcb8f853fbad01b5ecb05890b973d3543f4db35c68488e,04c2afa62fe7abdf38d2934edc876ec01d0dd7bd2374ea1d2885ff43b5ff96c6,233a9df0b59639520f44387ae1ec34a292e5189b9c1a057b783c902c8e33732e,943901b99e6aff062330ceda57f21dfcb5df47e8e840b7f137a9e6f5c7d8627a,e4d027f47e3dd495c5e3792c87b774d8b8e43fc04a762d8d7b9eed1c8a5c35af,c1cb6ce50a0fcacc92216cf0d99783804f2952161d9dae29cf11b53adf85eb7a,65bbe0d7d422f2e4d8bac547694313363ee76b2970a1db71b2dd672168daab75,189ede0d06f6e1056096791daba986c16ef1f9602178772868a25d866065dee2,c33d0771a6a5fa269cd32a9c4790c368ff7ae4eb6375eaaaa74efab3556bb7fb,43a797502087fddfa470673857a61e6d7f451a6c5b60436dc111eb34d0254b53','4a2258f8a02f927a4b97d3a345ddf3fc7cb3844e7016eed29dc5853f33cb013d','2026-11-25 12:00:00.000000',NULL);
CREATE TABLE staff_attempts (
	id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_staff_attempts PRIMARY KEY (id)
);
CREATE TABLE staff_audit (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	account_id INTEGER, 
	act VARCHAR(40) NOT NULL, 
	subject VARCHAR(200) NOT NULL, 
	"before" JSON, 
	"after" JSON, 
	reason TEXT, 
	reason_salt VARCHAR(32) NOT NULL, 
	reason_hash VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_staff_audit PRIMARY KEY (id), 
	CONSTRAINT fk_staff_audit_account_id FOREIGN KEY(account_id) REFERENCES staff_accounts (id)
);
INSERT INTO "staff_audit" VALUES(1,'2026-11-25 12:00:00.000000',1,'joined','account:1','null','{"invitation": 1}',NULL,'788e60da382cac0ee5deef23d335c776','f83fa3c46614b3ec177e101008607d21a69c03125d1cf08f2e9b55b80c360263','f2f6b2932276620b1b81678aa85b8f3639239c8f271415a192d3a861bf64c6e2');
INSERT INTO "staff_audit" VALUES(2,'2026-11-25 12:00:00.000000',1,'recovery-codes-made','account:1','null','null',NULL,'b779612a96b08bb7695ca9a671c58354','8862d6fe6ce87a58ef38f49e14db45e2fa08b7c4ce8a73040b97363d2754a4a5','b5ec96f3964451057fa7a2d0fbf248c5c43924709cb8c98bcef6c67bd2a713d5');
INSERT INTO "staff_audit" VALUES(3,'2026-11-25 12:00:00.000000',1,'signed-in','account:1','null','null','a reason','e4b936a64fcf2a024ed18a616a20ba0d','72f4498aba23e17f1b6fce685bc53843601a7918a0ea19bdfe0863fcc1d57e04','5ceb3c1da77661d642c9ade3c1d8ef3a7d15a701b192540f02d5bbe5532de0b0');
CREATE TABLE staff_authorships (
	revision_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	over_revision_id INTEGER, 
	CONSTRAINT pk_staff_authorships PRIMARY KEY (revision_id), 
	CONSTRAINT fk_staff_authorships_revision_id FOREIGN KEY(revision_id) REFERENCES revisions (id), 
	CONSTRAINT fk_staff_authorships_account_id FOREIGN KEY(account_id) REFERENCES staff_accounts (id), 
	CONSTRAINT fk_staff_authorships_over_revision_id FOREIGN KEY(over_revision_id) REFERENCES revisions (id)
);
CREATE TABLE staff_campaign_rules (
	campaign_id INTEGER NOT NULL, 
	alone BOOLEAN NOT NULL, 
	CONSTRAINT pk_staff_campaign_rules PRIMARY KEY (campaign_id), 
	CONSTRAINT fk_staff_campaign_rules_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaigns (id)
);
CREATE TABLE staff_drafts (
	id INTEGER NOT NULL, 
	document_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	over_revision_id INTEGER NOT NULL, 
	files JSON NOT NULL, 
	typed TEXT, 
	aside JSON, 
	version INTEGER NOT NULL, 
	saved_at DATETIME NOT NULL, 
	CONSTRAINT pk_staff_drafts PRIMARY KEY (id), 
	CONSTRAINT uq_staff_drafts_document_id_account_id UNIQUE (document_id, account_id), 
	CONSTRAINT fk_staff_drafts_document_id FOREIGN KEY(document_id) REFERENCES documents (id), 
	CONSTRAINT fk_staff_drafts_account_id FOREIGN KEY(account_id) REFERENCES staff_accounts (id), 
	CONSTRAINT fk_staff_drafts_over_revision_id FOREIGN KEY(over_revision_id) REFERENCES revisions (id)
);
CREATE TABLE staff_imports (
	account_id INTEGER NOT NULL, 
	archive BLOB NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_staff_imports PRIMARY KEY (account_id), 
	CONSTRAINT fk_staff_imports_account_id FOREIGN KEY(account_id) REFERENCES staff_accounts (id) ON DELETE CASCADE
);
CREATE TABLE staff_invitations (
	id INTEGER NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	token_sealed BLOB, 
	invited_by INTEGER, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	withdrawn_at DATETIME, 
	CONSTRAINT pk_staff_invitations PRIMARY KEY (id), 
	CONSTRAINT uq_staff_invitations_token_hash UNIQUE (token_hash), 
	CONSTRAINT fk_staff_invitations_invited_by FOREIGN KEY(invited_by) REFERENCES staff_accounts (id)
);
CREATE TABLE staff_passkeys (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	credential_id BLOB NOT NULL, 
	public_key BLOB NOT NULL, 
	sign_count INTEGER, 
	transports TEXT, 
	backup_state BOOLEAN NOT NULL, 
	device_type VARCHAR(64) NOT NULL, 
	extensions VARCHAR(255), 
	create_datetime DATETIME NOT NULL, 
	lastuse_datetime DATETIME NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	usage VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_staff_passkeys PRIMARY KEY (id), 
	CONSTRAINT fk_staff_passkeys_user_id FOREIGN KEY(user_id) REFERENCES staff_accounts (id) ON DELETE CASCADE, 
	CONSTRAINT uq_staff_passkeys_credential_id UNIQUE (credential_id)
);
INSERT INTO "staff_passkeys" VALUES(1,1,X'63726564656E7469616C2031',X'A5010203262001215820920049E6EF08C017090D3578DAA111B1D429B41BFA18BCE19F959CC0CBBB361D225820692614F62FA41620168C4022139B23AA5D59F755C1E346304E7497B026BCF700',3,'',0,'single_device',NULL,'2026-11-25 12:00:00.000000','2026-11-25 12:00:00.000000','Passkey','secondary');
INSERT INTO "staff_passkeys" VALUES(2,1,X'63726564656E7469616C2032',X'7075626C6963206B65792032',3,'',0,'single_device',NULL,'2026-11-25 12:00:00.000000','2026-11-25 12:00:00.000000','Passkey','secondary');
CREATE TABLE staff_proposals (
	id INTEGER NOT NULL, 
	revision_id INTEGER NOT NULL, 
	asked_by INTEGER NOT NULL, 
	asked_at DATETIME NOT NULL, 
	answer VARCHAR(16), 
	answered_by INTEGER, 
	answered_at DATETIME, 
	word TEXT NOT NULL, 
	CONSTRAINT pk_staff_proposals PRIMARY KEY (id), 
	CONSTRAINT uq_staff_proposals_revision_id UNIQUE (revision_id), 
	CONSTRAINT fk_staff_proposals_revision_id FOREIGN KEY(revision_id) REFERENCES revisions (id), 
	CONSTRAINT fk_staff_proposals_asked_by FOREIGN KEY(asked_by) REFERENCES staff_accounts (id), 
	CONSTRAINT fk_staff_proposals_answered_by FOREIGN KEY(answered_by) REFERENCES staff_accounts (id)
);
CREATE TABLE staff_proposed_lists (
	id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	made_at DATETIME NOT NULL, 
	source VARCHAR(100) NOT NULL, 
	as_of DATE NOT NULL, 
	records TEXT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_staff_proposed_lists PRIMARY KEY (id), 
	CONSTRAINT fk_staff_proposed_lists_account_id FOREIGN KEY(account_id) REFERENCES staff_accounts (id)
);
CREATE TABLE staff_visits (
	id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	account_id INTEGER NOT NULL, 
	uniquifier VARCHAR(64) NOT NULL, 
	began_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	proved_at DATETIME, 
	CONSTRAINT pk_staff_visits PRIMARY KEY (id), 
	CONSTRAINT uq_staff_visits_token_hash UNIQUE (token_hash), 
	CONSTRAINT fk_staff_visits_account_id FOREIGN KEY(account_id) REFERENCES staff_accounts (id) ON DELETE CASCADE
);
CREATE TABLE stored_letters (
	id VARCHAR(32) NOT NULL, 
	submission_id VARCHAR(32), 
	place INTEGER NOT NULL, 
	campaign VARCHAR(60) NOT NULL, 
	template VARCHAR(121) NOT NULL, 
	pins JSON NOT NULL, 
	legislator_id VARCHAR(100) NOT NULL, 
	riding_code VARCHAR(5), 
	language VARCHAR(16) NOT NULL, 
	edited BOOLEAN NOT NULL, 
	letter_sealed BLOB, 
	created_at DATETIME NOT NULL, 
	written_before DATE, 
	CONSTRAINT pk_stored_letters PRIMARY KEY (id), 
	CONSTRAINT fk_stored_letters_legislator_id FOREIGN KEY(legislator_id) REFERENCES legislators (id), 
	CONSTRAINT fk_stored_letters_submission_id FOREIGN KEY(submission_id) REFERENCES submissions (id) ON DELETE SET NULL, 
	CONSTRAINT uq_stored_letters_submission_id_legislator_id UNIQUE (submission_id, legislator_id)
);
CREATE TABLE submissions (
	id VARCHAR(32) NOT NULL, 
	key_hash VARCHAR(64) NOT NULL, 
	confirmation_id VARCHAR(32), 
	campaign VARCHAR(60) NOT NULL, 
	language VARCHAR(16) NOT NULL, 
	standing VARCHAR(16) NOT NULL, 
	created_at DATETIME NOT NULL, 
	confirmed_at DATETIME, 
	name_sealed BLOB, 
	email_sealed BLOB, 
	email_hash VARCHAR(64), 
	consent_text VARCHAR(40) NOT NULL, 
	consented_at DATETIME NOT NULL, 
	CONSTRAINT pk_submissions PRIMARY KEY (id), 
	CONSTRAINT fk_submissions_confirmation_id FOREIGN KEY(confirmation_id) REFERENCES confirmations (id) ON DELETE SET NULL, 
	CONSTRAINT uq_submissions_key_hash UNIQUE (key_hash)
);
CREATE TABLE suppressions (
	campaign VARCHAR(60) NOT NULL, 
	email_hash VARCHAR(64) NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_suppressions PRIMARY KEY (campaign, email_hash)
);
CREATE INDEX ix_ridings_province ON ridings (province);
CREATE INDEX ix_riding_aliases_riding_code ON riding_aliases (riding_code);
CREATE INDEX ix_legislators_chamber ON legislators (chamber);
CREATE INDEX ix_legislators_office ON legislators (office);
CREATE INDEX ix_legislators_province ON legislators (province);
CREATE INDEX ix_legislators_riding_code ON legislators (riding_code);
CREATE INDEX ix_messages_state_due_at_id ON messages (state, due_at, id);
CREATE INDEX ix_messages_state_lease_until ON messages (state, lease_until);
CREATE INDEX ix_messages_pace_key_state ON messages (pace_key, state);
CREATE INDEX ix_message_moves_message_id ON message_moves (message_id);
CREATE INDEX ix_provider_events_public_id ON provider_events (public_id);
CREATE INDEX ix_confirmations_email_hash ON confirmations (email_hash);
CREATE INDEX ix_confirmations_expires_at ON confirmations (expires_at);
CREATE INDEX ix_submissions_confirmation_id ON submissions (confirmation_id);
CREATE INDEX ix_submissions_email_hash ON submissions (email_hash);
CREATE INDEX ix_submissions_standing ON submissions (standing);
CREATE INDEX ix_stored_letters_submission_id ON stored_letters (submission_id);
CREATE INDEX ix_stored_letters_legislator_id_created_at ON stored_letters (legislator_id, created_at);
CREATE INDEX ix_publications_revision_id ON publications (revision_id);
CREATE INDEX ix_staff_passkeys_user_id ON staff_passkeys (user_id);
CREATE INDEX ix_staff_invitations_email ON staff_invitations (email);
CREATE INDEX ix_staff_visits_seen_at ON staff_visits (seen_at);
CREATE INDEX ix_staff_visits_account_id ON staff_visits (account_id);
CREATE INDEX ix_staff_attempts_kind_key_at ON staff_attempts (kind, "key", at);
CREATE INDEX ix_staff_drafts_account_id ON staff_drafts (account_id);
CREATE INDEX ix_staff_authorships_account_id ON staff_authorships (account_id);
CREATE INDEX ix_staff_audit_account_id ON staff_audit (account_id);
CREATE INDEX ix_staff_audit_act ON staff_audit (act);
CREATE INDEX ix_legislator_corrections_legislator_id ON legislator_corrections (legislator_id);
CREATE INDEX ix_staff_proposed_lists_account_id ON staff_proposed_lists (account_id);
COMMIT;
