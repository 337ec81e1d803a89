//! A cluster of several machines that somebody has made, for tests that are told of it.
//!
//! A database of a test is a schema there: making a database on each machine, and telling the machines of
//! each other, takes longer than most tests. The schemas of a process are dropped when it has ended.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{binaries, succeed};

/// Names a database of a cluster, as `lojal --database` takes it.
pub(crate) const VARIABLE: &str = "LOJAL_TEST_CITUS";
/// Few pieces of each table are enough to be apart, and quicker to make.
const PIECES: u32 = 4;
const DROP_WHEN_INPUT_ENDS: &str = r#"
    trap '' INT
    cat > /dev/null
    "$1" --no-psqlrc -qAt -d "$2" -c "select nspname from pg_namespace where nspname like '$3%'" | while read -r schema; do
        "$1" --no-psqlrc -q -d "$2" -c 'set client_min_messages = error' -c "drop schema $schema cascade"
    done
"#;

/// A cluster that was there before, and goes on.
#[derive(Debug)]
pub(crate) struct Spread {
    /// As libpq takes it.
    address: String,
    psql: PathBuf,
    prefix: String,
    schemas: AtomicUsize,
    /// It drops the schemas when this process ends.
    _keeper: Child,
}

impl Spread {
    /// The cluster that the environment names, if it does.
    pub fn named() -> Option<Spread> {
        let address = std::env::var(VARIABLE).ok().filter(|address| !address.is_empty())?;
        let address = match address.strip_prefix("postgres:") {
            Some(pairs) if !pairs.starts_with("//") => pairs.to_owned(),
            _ => address,
        };
        let psql = binaries().join("psql");
        let prefix = format!("lojal_test_{}_", std::process::id());
        let mut keeper = Command::new("sh");
        keeper.args(["-c", DROP_WHEN_INPUT_ENDS, "keeper"]).arg(&psql).args([&address, &prefix]);
        let keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a shell");
        let spread = Spread { address, psql, prefix, schemas: AtomicUsize::new(0), _keeper: keeper };
        let machines = spread.run("select count(*) from pg_dist_node where shouldhaveshards");
        assert_ne!(
            machines.trim(),
            "0",
            "{VARIABLE}: no machine of the cluster takes any data: see docs/operations.md"
        );
        Some(spread)
    }

    /// A new and empty schema, as the address of a database.
    pub fn new_database(&self) -> String {
        let schema = self.name();
        self.run(&format!("create schema {schema}"));
        self.address_of(&schema)
    }

    /// A new schema with everything that another one has.
    pub fn copy_database(&self, address: &str) -> String {
        let before = address.split(&self.prefix).nth(1).unwrap_or_default();
        let number: String = before.chars().take_while(char::is_ascii_digit).collect();
        let (old, new) = (format!("{}{number}", self.prefix), self.name());
        let tables = format!("from pg_class where relnamespace = '{old}'::regnamespace and relkind = 'r'");
        self.run(&format!(
            "create schema {new};
             set search_path = '';
             set citus.multi_shard_modify_mode = 'sequential';
             set client_min_messages = error;
             select format('create table {new}.%I (like {old}.%I including all)', relname, relname) {tables} \\gexec
             select format(case partmethod
                 when 'n' then 'select create_reference_table(''{new}.%I'')'
                 else 'select create_distributed_table(''{new}.%I'', ''part'', colocate_with => ''{old}.%I'')'
                 end, relname, relname)
             from pg_class join pg_dist_partition on logicalrelid = pg_class.oid
             where relnamespace = '{old}'::regnamespace \\gexec
             select format('insert into {new}.%I select * from {old}.%I', relname, relname) {tables} \\gexec
             select format('create view {new}.%I as %s', relname, replace(pg_get_viewdef(oid), '{old}.', '{new}.'))
             from pg_class where relnamespace = '{old}'::regnamespace and relkind = 'v' \\gexec"
        ));
        self.address_of(&new)
    }

    fn name(&self) -> String {
        format!("{}{}", self.prefix, self.schemas.fetch_add(1, Ordering::SeqCst))
    }

    fn address_of(&self, schema: &str) -> String {
        if self.address.starts_with("postgres") {
            let mark = if self.address.contains('?') { '&' } else { '?' };
            let options = format!("-csearch_path%3D{schema}%2Cpublic%20-ccitus.shard_count%3D{PIECES}");
            return format!("{}{mark}options={options}", self.address);
        }
        format!("postgres:{} options='-csearch_path={schema},public -ccitus.shard_count={PIECES}'", self.address)
    }

    fn run(&self, script: &str) -> String {
        let mut psql = Command::new(&self.psql);
        psql.args(["--no-psqlrc", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", &self.address, "-f", "-"]);
        psql.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = psql.spawn().expect("psql");
        {
            use std::io::Write;
            let mut input = child.stdin.take().expect("its input");
            input.write_all(script.as_bytes()).expect("psql reads");
        }
        let output = child.wait_with_output().expect("psql");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        succeed(Ok(output), VARIABLE);
        said
    }
}
