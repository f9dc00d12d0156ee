//! Verdicts kept between sessions, so that the next session starts with them. A cache: it can be
//! deleted at any time, and a damaged one is deleted.

use countersign_problem::Problem;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, Transaction, params};

use countersign_store::logs::LogStamps;
use countersign_store::ownership::{self, OwnershipError};
use countersign_store::stamp::Stamp;

/// The version of the tables and of the rules that verdicts in them were made by; any other is thrown
/// away. Raise it with every change of either.
const VERSION: i32 = 21;

/// How long another station that is writing is waited for.
const PATIENCE: Duration = Duration::from_millis(200);

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS folder (
        id INTEGER PRIMARY KEY, root BLOB NOT NULL, path BLOB NOT NULL,
        log BLOB NOT NULL, ledger BLOB NOT NULL, condition TEXT NOT NULL,
        UNIQUE (root, path)
    );
    CREATE TABLE IF NOT EXISTS envelope (
        folder INTEGER NOT NULL, name TEXT NOT NULL,
        stamp BLOB NOT NULL, rules INTEGER NOT NULL, content BLOB NOT NULL,
        PRIMARY KEY (folder, name)
    );
";

/// Why the catalogue could not be read or written. Nothing depends on it.
#[derive(Debug, Problem)]
pub enum CatalogueError {
    /// SQLite cannot read or write it.
    Sqlite {
        /// The catalogue.
        path: PathBuf,
        /// The error from SQLite.
        source: rusqlite::Error,
    },
    /// Other users can write it.
    #[problem(transparent)]
    Ownership(#[from] OwnershipError),
}

/// A folder, and the logs that its envelopes were judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFolder {
    /// Seen from the root.
    pub path: PathBuf,
    /// The state of its logs.
    pub stamps: LogStamps,
    /// What held for the transparency log as a whole.
    pub condition: String,
}

/// An envelope as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEnvelope {
    /// The place of its folder in what [`Catalogue::folders`] gave.
    pub folder: usize,
    /// The name of its run.
    pub name: String,
    /// The state of its files.
    pub stamp: Stamp,
    /// The rules that it was judged under.
    pub rules: u64,
    /// The verdict.
    pub content: Vec<u8>,
}

/// An envelope to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewEnvelope<'a> {
    /// The name of its run.
    pub name: &'a str,
    /// The state of its files.
    pub stamp: Stamp,
    /// The rules that it was judged under.
    pub rules: u64,
    /// The verdict.
    pub content: &'a [u8],
}

/// The catalogue, opened for the envelopes below one directory.
#[derive(Debug)]
pub struct Catalogue {
    connection: Connection,
    path: PathBuf,
    root: Vec<u8>,
    /// The ids of the folders of this root.
    folders: HashMap<PathBuf, i64>,
}

impl Catalogue {
    /// Opens a catalogue, or makes one. One that is damaged or of another version is deleted first.
    ///
    /// # Errors
    /// Fails if it is locked or cannot be made.
    pub fn open(path: &Path, root: &Path) -> Result<Self, CatalogueError> {
        let failed = |source| CatalogueError::Sqlite { path: path.to_owned(), source };
        for ending in ["", "-wal", "-shm"] {
            ownership::check(&beside(path, ending))?;
        }
        make_private(path);
        let connection = match connect(path) {
            Err(error) if is_damaged(&error) => {
                delete(path);
                connect(path)
            }
            other => other,
        };
        let connection = connection.map_err(failed)?;
        let root = bytes_of(root);
        Ok(Self { connection, path: path.to_owned(), root, folders: HashMap::new() })
    }

    /// The folders of this root.
    ///
    /// # Errors
    /// Fails if the catalogue is damaged; it is best deleted then.
    pub fn folders(&mut self) -> Result<Vec<KeptFolder>, CatalogueError> {
        let kept = kept_folders(&self.connection, &self.root);
        let kept = kept.map_err(|source| self.failed(source))?;
        self.folders = kept.iter().map(|(id, folder)| (folder.path.clone(), *id)).collect();
        Ok(kept.into_iter().map(|(_, folder)| folder).collect())
    }

    /// The envelopes of some folders, one after another.
    ///
    /// # Errors
    /// Fails if the catalogue is damaged; it is best deleted then.
    pub fn envelopes(
        &self,
        folders: &[KeptFolder],
        mut each: impl FnMut(KeptEnvelope),
    ) -> Result<(), CatalogueError> {
        let mut read = || {
            let sql = "SELECT name, stamp, rules, content FROM envelope WHERE folder = ?1";
            let mut select = self.connection.prepare(sql)?;
            for (place, folder) in folders.iter().enumerate() {
                let Some(id) = self.folders.get(&folder.path) else { continue };
                let mut rows = select.query([id])?;
                while let Some(row) = rows.next()? {
                    each(KeptEnvelope {
                        folder: place,
                        name: row.get(0)?,
                        stamp: Stamp::from_bytes(row.get(1)?),
                        rules: row.get::<_, i64>(2)?.cast_unsigned(),
                        content: row.get(3)?,
                    });
                }
            }
            Ok(())
        };
        read().map_err(|source| self.failed(source))
    }

    /// Writes several things, all or none.
    ///
    /// # Errors
    /// Fails if it cannot be written; it is unchanged then.
    pub fn write(
        &mut self,
        changes: impl FnOnce(&mut Changes<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), CatalogueError> {
        let write = || {
            let transaction = self.connection.transaction()?;
            let mut all = Changes { transaction, root: &self.root, folders: &mut self.folders };
            changes(&mut all)?;
            all.transaction.commit()
        };
        let Err(source) = write() else { return Ok(()) };
        // Ids that were not written must not be used.
        let kept = kept_folders(&self.connection, &self.root).unwrap_or_default();
        self.folders = kept.into_iter().map(|(id, folder)| (folder.path, id)).collect();
        Err(self.failed(source))
    }

    /// Closes and deletes it.
    pub fn delete(self) {
        drop(self.connection);
        delete(&self.path);
    }

    fn failed(&self, source: rusqlite::Error) -> CatalogueError {
        CatalogueError::Sqlite { path: self.path.clone(), source }
    }
}

impl CatalogueError {
    /// Whether it is merely being written by another station.
    pub fn is_in_use(&self) -> bool {
        matches!(self, Self::Sqlite { source, .. } if is_in_use(source))
    }

    /// Whether it is damaged and best deleted.
    pub fn is_damaged(&self) -> bool {
        matches!(self, Self::Sqlite { source, .. } if is_damaged(source))
    }
}

/// Changes that are being written.
#[derive(Debug)]
pub struct Changes<'a> {
    transaction: Transaction<'a>,
    root: &'a [u8],
    folders: &'a mut HashMap<PathBuf, i64>,
}

impl Changes<'_> {
    /// Keeps a folder.
    ///
    /// # Errors
    /// Fails with the error from SQLite.
    pub fn folder(&mut self, folder: &KeptFolder) -> rusqlite::Result<()> {
        let sql =
            "INSERT INTO folder (root, path, log, ledger, condition) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET log = ?3, ledger = ?4, condition = ?5 RETURNING id";
        let mut insert = self.transaction.prepare_cached(sql)?;
        let (log, ledger) = (folder.stamps.log.as_bytes(), folder.stamps.ledger.as_bytes());
        let values = params![self.root, bytes_of(&folder.path), log, ledger, folder.condition];
        let id = insert.query_row(values, |row| row.get(0))?;
        self.folders.insert(folder.path.clone(), id);
        Ok(())
    }

    /// Keeps an envelope, if its folder is kept.
    ///
    /// # Errors
    /// Fails with the error from SQLite.
    pub fn keep(&mut self, folder: &Path, envelope: NewEnvelope<'_>) -> rusqlite::Result<()> {
        let NewEnvelope { name, stamp, rules, content } = envelope;
        let Some(folder) = self.folders.get(folder) else { return Ok(()) };
        let sql = "REPLACE INTO envelope (folder, name, stamp, rules, content)
             VALUES (?1, ?2, ?3, ?4, ?5)";
        let values = params![folder, name, stamp.as_bytes(), rules.cast_signed(), content];
        self.transaction.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Forgets all envelopes of this root.
    ///
    /// # Errors
    /// Fails with the error from SQLite.
    pub fn forget_all(&mut self) -> rusqlite::Result<()> {
        let sql = "DELETE FROM envelope WHERE folder IN (SELECT id FROM folder WHERE root = ?1)";
        self.transaction.execute(sql, [self.root])?;
        Ok(())
    }

    /// Forgets an envelope.
    ///
    /// # Errors
    /// Fails with the error from SQLite.
    pub fn forget(&mut self, folder: &Path, name: &str) -> rusqlite::Result<()> {
        let Some(folder) = self.folders.get(folder) else { return Ok(()) };
        let sql = "DELETE FROM envelope WHERE folder = ?1 AND name = ?2";
        self.transaction.prepare_cached(sql)?.execute(params![folder, name])?;
        Ok(())
    }
}

/// Makes the file, readable by its owner only; what SQLite keeps beside it is as private.
fn make_private(path: &Path) {
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    // If it cannot be made, SQLite reports why.
    let _ = options.open(path);
}

/// Opens a catalogue of this version, or makes one of an empty file.
fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    // A cache: what a power failure removes from it is judged again.
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;")?;
    let version = |connection: &Connection| {
        connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i32>(0))
    };
    if version(&connection)? == 0 {
        // In one step, for two stations may start at once.
        let tables = format!("{TABLES} PRAGMA user_version = {VERSION};");
        connection.execute_batch(&format!("BEGIN IMMEDIATE; {tables} COMMIT;"))?;
    }
    // One that is damaged, or of another version, shows here.
    if version(&connection)? != VERSION {
        return Err(rusqlite::Error::InvalidQuery);
    }
    connection.query_row("SELECT count(*) FROM folder", [], |row| row.get::<_, i64>(0))?;
    Ok(connection)
}

fn kept_folders(connection: &Connection, root: &[u8]) -> rusqlite::Result<Vec<(i64, KeptFolder)>> {
    let sql = "SELECT id, path, log, ledger, condition FROM folder WHERE root = ?1";
    let mut select = connection.prepare(sql)?;
    let folders = select.query_map([root], |row| {
        let stamps = LogStamps {
            log: Stamp::from_bytes(row.get(2)?),
            ledger: Stamp::from_bytes(row.get(3)?),
        };
        let path = path_of(row.get(1)?);
        Ok((row.get(0)?, KeptFolder { path, stamps, condition: row.get(4)? }))
    })?;
    folders.collect()
}

/// Whether a file is not a catalogue of this version, rather than unavailable.
fn is_damaged(error: &rusqlite::Error) -> bool {
    use ErrorCode::{DatabaseCorrupt, NotADatabase, Unknown};
    // `Unknown` is SQLite's code for a table that does not exist or has other columns.
    match error.sqlite_error_code() {
        Some(code) => matches!(code, DatabaseCorrupt | NotADatabase | Unknown),
        None => true,
    }
}

fn is_in_use(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Deletes a catalogue and SQLite's files beside it. One that cannot be deleted cannot be opened
/// either, and that is reported.
fn delete(path: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(beside(path, ending));
    }
}

/// The catalogue, or what SQLite keeps beside it.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// A path as it is kept: names need not be Unicode.
fn bytes_of(path: &Path) -> Vec<u8> {
    path.as_os_str().as_encoded_bytes().to_owned()
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}
