//! Whose orders are whose, for many of them at once. The directory knows all but the latest; those
//! are read from the ends of the journal, each row once, instead of being looked for part by part.

use std::collections::HashMap;

use lojal_core::command::KeyKind;
use lojal_core::kernel::{HolderId, Name, Part};

use crate::platform::application::Application;
use crate::platform::directory::{Listed, directory_catch_up, directory_entries, directory_position};
use crate::platform::journal::journal_page;
use crate::platform::sql::{Connection, damaged};
use crate::platform::writer::WriteError;

/// Rows of the journal that are read at once.
const PAGE: usize = 500;
/// The most orders that are remembered; with more, the directory is brought up to date.
const MOST_REMEMBERED: usize = 20_000;

/// What a reader of the journal knows beyond the directory.
#[derive(Default)]
pub struct Owners {
    latest: HashMap<Name, Latest>,
    /// Up to which row each part has been read.
    read: HashMap<Part, i64>,
}

struct Latest {
    holder: HolderId,
    /// The row that told of it.
    row: i64,
}

impl Owners {
    /// The holders of those of the orders that are known.
    pub async fn find(
        &mut self,
        application: &Application,
        names: &[&str],
    ) -> Result<HashMap<Name, HolderId>, WriteError> {
        loop {
            let mut connection = application.database.snapshot().await?;
            if self.read_on(&mut connection).await? {
                let listed = directory_entries(&mut connection, Listed::Order, names).await?;
                let latest = names.iter().filter_map(|name| self.latest.get_key_value(*name));
                let latest = latest.map(|(name, latest)| (name.clone(), latest.holder));
                return Ok(latest.chain(listed.into_iter().map(|(name, holder)| (Name::from(name), holder))).collect());
            }
            drop(connection);
            *self = Owners::default();
            directory_catch_up(&application.database, application.clock.now()).await?;
        }
    }

    /// Reads what the journal has gained, and forgets what the directory has learnt. Answers
    /// whether all of it could be remembered.
    async fn read_on(&mut self, connection: &mut Connection) -> Result<bool, WriteError> {
        let mut positions = HashMap::new();
        for part in Part::all() {
            let position = directory_position(connection, part).await?;
            positions.insert(part, position);
            let read = self.read.entry(part).or_insert(position);
            *read = position.max(*read);
            loop {
                let rows = journal_page(connection, part, *read, PAGE).await?;
                for row in &rows {
                    *read = row.id.number();
                    let body = row.read_body().map_err(|cause| damaged(format!("{}: {cause}", row.id)))?;
                    for (key, _) in body.decision.records {
                        if key.kind == KeyKind::Order {
                            self.latest.insert(key.id, Latest { holder: row.holder, row: *read });
                        }
                    }
                }
                if self.latest.len() > MOST_REMEMBERED {
                    return Ok(false);
                }
                if rows.len() < PAGE {
                    break;
                }
            }
        }
        self.latest.retain(|_, latest| {
            let position = positions.get(&latest.holder.part()).copied().unwrap_or_default();
            latest.row > position
        });
        Ok(true)
    }
}
