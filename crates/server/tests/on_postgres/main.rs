//! The same tests as in `it`, on a PostgreSQL of their own.

#[path = "../it/archive.rs"]
mod archive;
#[path = "../it/audit.rs"]
mod audit;
#[path = "../it/backups.rs"]
mod backups;
#[path = "../it/backups_in_buckets.rs"]
mod backups_in_buckets;
#[path = "../it/cards.rs"]
mod cards;
#[path = "../it/cases.rs"]
mod cases;
#[path = "../it/checkpoints.rs"]
mod checkpoints;
#[path = "../it/clicks.rs"]
mod clicks;
#[path = "../it/codes.rs"]
mod codes;
#[path = "../it/data_folder.rs"]
mod data_folder;
#[path = "../it/deliveries.rs"]
mod deliveries;
#[path = "../it/effective.rs"]
mod effective;
#[path = "../it/faults_clock.rs"]
mod faults_clock;
#[path = "../it/faults_hung.rs"]
mod faults_hung;
#[path = "../it/faults_migrations.rs"]
mod faults_migrations;
#[path = "../it/figures.rs"]
mod figures;
#[path = "../it/fraud.rs"]
mod fraud;
#[path = "../it/guard.rs"]
mod guard;
#[path = "../it/guard_life.rs"]
mod guard_life;
#[path = "../it/http_accounts.rs"]
mod http_accounts;
#[path = "../it/http_bulk.rs"]
mod http_bulk;
#[path = "../it/http_bulk_streams.rs"]
mod http_bulk_streams;
#[path = "../it/http_client.rs"]
mod http_client;
#[path = "../it/http_fuzz.rs"]
mod http_fuzz;
#[path = "../it/http_life.rs"]
mod http_life;
#[path = "../it/http_merging.rs"]
mod http_merging;
#[path = "../it/http_merging_people.rs"]
mod http_merging_people;
#[path = "../it/http_programmes.rs"]
mod http_programmes;
#[path = "../it/http_refusals.rs"]
mod http_refusals;
#[path = "../it/http_schema.rs"]
mod http_schema;
#[path = "../it/http_turns.rs"]
mod http_turns;
#[path = "../it/http_widget.rs"]
mod http_widget;
#[path = "../it/http_words.rs"]
mod http_words;
#[path = "../it/leaderboard.rs"]
mod leaderboard;
#[path = "../it/materials.rs"]
mod materials;
#[path = "../it/moving.rs"]
mod moving;
#[path = "../it/packing.rs"]
mod packing;
#[path = "../it/pages.rs"]
mod pages;
#[path = "../it/pages_appearance.rs"]
mod pages_appearance;
#[path = "../it/pages_audits.rs"]
mod pages_audits;
#[path = "../it/pages_brands.rs"]
mod pages_brands;
#[path = "../it/pages_entrance.rs"]
mod pages_entrance;
#[path = "../it/pages_figures.rs"]
mod pages_figures;
#[path = "../it/pages_invite.rs"]
mod pages_invite;
#[path = "../it/pages_members.rs"]
mod pages_members;
#[path = "../it/pages_merging.rs"]
mod pages_merging;
#[path = "../it/pages_portal.rs"]
mod pages_portal;
#[path = "../it/pages_portal_accounts.rs"]
mod pages_portal_accounts;
#[path = "../it/pages_portal_life.rs"]
mod pages_portal_life;
#[path = "../it/pages_programme.rs"]
mod pages_programme;
#[path = "../it/pages_provider.rs"]
mod pages_provider;
#[path = "../it/pages_rewards.rs"]
mod pages_rewards;
#[path = "../it/pages_settings.rs"]
mod pages_settings;
#[path = "../it/pages_simulations.rs"]
mod pages_simulations;
#[path = "../it/pages_staff.rs"]
mod pages_staff;
#[path = "../it/pages_webhooks.rs"]
mod pages_webhooks;
#[path = "../it/recommending.rs"]
mod recommending;
#[path = "../it/referrals.rs"]
mod referrals;
#[path = "../it/referrals_rush.rs"]
mod referrals_rush;
#[path = "../it/relocation.rs"]
mod relocation;
#[path = "../it/shop.rs"]
mod shop;
#[path = "../it/simulated_past.rs"]
mod simulated_past;
#[path = "../it/thanks.rs"]
mod thanks;
#[path = "../it/verifications.rs"]
mod verifications;
#[path = "../it/webhooks.rs"]
mod webhooks;
#[path = "../it/webhooks_life.rs"]
mod webhooks_life;
#[path = "../it/writer.rs"]
mod writer;
#[path = "../it/writer_rush.rs"]
mod writer_rush;
