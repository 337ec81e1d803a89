//! The server from outside: storage, writer, jobs, audit, moving.

mod archive;
mod audit;
mod backups;
mod backups_in_buckets;
mod checkpoints;
mod data_folder;
mod deliveries;
mod effective;
mod faults_clock;
mod faults_hung;
mod faults_migrations;
mod http_bulk;
mod http_bulk_streams;
mod http_client;
mod http_fuzz;
mod http_life;
mod http_refusals;
mod http_schema;
mod http_turns;
mod http_words;
mod moving;
mod packing;
mod relocation;
mod shop;
mod writer;
mod writer_rush;
