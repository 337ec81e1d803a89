//! The server from outside: storage, writer, jobs, audit.

mod data_folder;
