//! Where measures make their databases: a folder of their own, or databases of their own on a
//! server, or schemas in a database that is spread over several. Nobody's data are ever touched, and
//! nothing is left behind.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use lojal_server::platform::database::{Address, Place};
use lojal_server::platform::sql::{self, Dialect, Store};

use crate::failure::Failure;

/// What `--database sqlite:…` is answered with: each measure needs new databases.
const NOT_A_FILE: &str =
    "measures make files of their own: leave out --database, and name a folder on the disk in question with --data";

#[derive(Debug)]
pub struct Ground {
    folder: PathBuf,
    /// The server's address; without one, databases are files in the folder.
    server: Option<String>,
    /// Databases made on the server.
    made: Mutex<Vec<String>>,
}

impl Ground {
    /// A new folder inside `parent`.
    pub fn new(parent: &Path, address: Option<Address>) -> Result<Ground, Failure> {
        let server = match address {
            Some(Address::Sqlite(_)) => return Err(Failure::new(NOT_A_FILE)),
            Some(Address::Postgres(server)) => Some(server),
            None => None,
        };
        let folder = parent.join(format!("lojal-bench-{}", std::process::id()));
        fs::create_dir_all(&folder)
            .map_err(|cause| Failure::new(format!("{} cannot be made: {cause}", folder.display())))?;
        Ok(Ground { folder, server, made: Mutex::default() })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A place where nothing is yet.
    pub async fn fresh(&self) -> Result<Place, Failure> {
        let number = {
            let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            let number = made.len();
            made.push(format!("lojal_bench_{}_{number}", std::process::id()));
            number
        };
        let folder = self.folder.join(number.to_string());
        let Some(server) = &self.server else {
            return Ok(Place::folder(folder));
        };
        let name = self.name(number);
        let address = match on_server(server, |kind| format!("create {kind} {name}")).await? {
            // To make a database of several machines is for whoever runs them.
            Dialect::Distributed => with_options(server, &format!("-c search_path={name},public")),
            _ => naming(server, &name),
        };
        Ok(Place { folder, address: Address::Postgres(address) })
    }

    /// The same place with something added to every sync; `None` where that is not possible.
    pub fn slowed(&self, place: &Place, delay: Duration) -> Option<Place> {
        let Address::Postgres(address) = &place.address else { return None };
        // Syncs of other machines cannot be slowed from here.
        if address.contains("search_path") {
            return None;
        }
        let options = format!("-c commit_delay={} -c commit_siblings=0", delay.as_micros());
        let address = Address::Postgres(with_options(address, &options));
        Some(Place { folder: place.folder.clone(), address })
    }

    /// Takes away everything that was made.
    pub async fn clear(self) -> Result<(), Failure> {
        if let Some(server) = &self.server {
            let made = std::mem::take(&mut *self.made.lock().unwrap_or_else(PoisonError::into_inner));
            for name in made {
                on_server(server, |kind| {
                    let how = if kind == "schema" { "cascade" } else { "with (force)" };
                    format!("drop {kind} if exists {name} {how}")
                })
                .await?;
            }
        }
        Ok(())
    }

    fn name(&self, number: usize) -> String {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.get(number).cloned().unwrap_or_default()
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        // What cannot be removed is in plain sight.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Carries out what `statement` makes of the word for that which holds tables there.
async fn on_server(server: &str, statement: impl FnOnce(&str) -> String) -> Result<Dialect, Failure> {
    let store = Store::postgres(server).await?;
    let dialect = store.dialect();
    let kind = if dialect == Dialect::Distributed { "schema" } else { "database" };
    let done = sql::script(&mut *store.read().await?, &statement(kind)).await;
    store.close().await;
    done?;
    Ok(dialect)
}

/// The same database, with settings for each connection.
fn with_options(address: &str, options: &str) -> String {
    if !address.contains("://") {
        return format!("{address} options='{options}'");
    }
    let mark = if address.contains('?') { '&' } else { '?' };
    let options = options.replace(' ', "%20").replace('=', "%3D").replace(',', "%2C");
    format!("{address}{mark}options={options}")
}

/// The same server, another database.
fn naming(server: &str, database: &str) -> String {
    let Some((scheme, rest)) = server.split_once("://") else {
        // Of what is stated twice, the last counts.
        return format!("{server} dbname={database}");
    };
    let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
    let host = path.split('/').next().unwrap_or_default();
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{scheme}://{host}/{database}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_of_the_same_server() {
        for (server, address) in [
            ("postgres://shop@host:5433/club?sslmode=require", "postgres://shop@host:5433/new?sslmode=require"),
            ("postgresql://host", "postgresql://host/new"),
            ("host=/run/pg user=shop dbname=club", "host=/run/pg user=shop dbname=club dbname=new"),
        ] {
            assert_eq!(naming(server, "new"), address);
        }
    }
}
