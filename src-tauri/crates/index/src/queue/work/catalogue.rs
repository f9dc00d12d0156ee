//! The catalogue: verdicts kept between two sessions.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use countersign_problem::Explain as _;
use countersign_store::judgement::on_all_cores;
use countersign_store::stamp::Stamp;
use rayon::prelude::*;

use super::{COMPARED, Worker};
use crate::catalogue::{Catalogue, CatalogueError, KeptEnvelope, NewEnvelope};
use crate::judged::{Judged, RunName};
use crate::queue::table::{Causes, Finding, FolderLogs, Key, Table};
use crate::queue::trouble::Trouble;

impl Worker {
    /// Shows what the catalogue has.
    pub(super) fn load(&mut self, path: &Path) {
        let root = self.shared.root.clone();
        let mut catalogue = match Catalogue::open(path, &root) {
            Ok(catalogue) => catalogue,
            Err(error) => return self.lose_catalogue(error),
        };
        match self.load_rows(&mut catalogue) {
            Ok(()) => self.catalogue = Some(catalogue),
            Err(error) if error.is_damaged() => {
                catalogue.delete();
                match Catalogue::open(path, &root) {
                    Ok(catalogue) => self.catalogue = Some(catalogue),
                    Err(error) => self.lose_catalogue(error),
                }
                // Anything read before the damage is not reliable.
                *self.table_mut() = Table::default();
            }
            Err(error) => self.lose_catalogue(error),
        }
    }

    fn load_rows(&mut self, catalogue: &mut Catalogue) -> Result<(), CatalogueError> {
        let kept = catalogue.folders()?;
        let mut table = self.table_mut();
        let mut folders = Vec::with_capacity(kept.len());
        for folder in &kept {
            let id = table.folder(&folder.path);
            folders.push(id);
            let (stamps, condition) = (folder.stamps, folder.condition.clone());
            table.folders[id as usize].logs = Some(FolderLogs { stamps, condition });
        }
        drop(table);
        let mut some = Vec::with_capacity(COMPARED);
        catalogue.envelopes(&kept, |envelope| {
            some.push(envelope);
            if some.len() == COMPARED {
                self.load_some(&folders, &mut some);
            }
        })?;
        self.load_some(&folders, &mut some);
        Ok(())
    }

    fn load_some(&mut self, folders: &[u32], some: &mut Vec<KeptEnvelope>) {
        let read = |kept: &KeptEnvelope| {
            let name = RunName::of_file(&kept.name)?;
            let judged: Judged = serde_json::from_slice(&kept.content).ok()?;
            let (stamp, rules, causes) = (kept.stamp, kept.rules, Causes::default());
            let finding = Finding { judged, stamp, rules, causes };
            Some((Key { folder: folders[kept.folder], name }, finding))
        };
        let rows: Vec<_> = on_all_cores(|| some.par_iter().filter_map(read).collect());
        some.clear();
        if rows.is_empty() {
            return;
        }
        let mut table = self.table_mut();
        table.revision += 1;
        for (key, finding) in rows {
            table.put(key, finding);
        }
        drop(table);
        self.changed.want();
        self.announce();
    }

    pub(super) fn keep(&mut self, rows: Vec<(Key, Stamp, Option<Vec<u8>>)>) {
        if self.catalogue.is_none() || rows.is_empty() {
            return;
        }
        let folders: HashMap<u32, PathBuf> = {
            let table = self.table();
            let ids = rows.iter().map(|(key, ..)| key.folder);
            ids.map(|id| (id, table.folders[id as usize].path.clone())).collect()
        };
        let rules = self.rules_digest;
        self.write(|changes| {
            rows.iter().try_for_each(|(key, stamp, content)| {
                let (folder, name) = (&folders[&key.folder], key.name.file());
                match content {
                    Some(content) => {
                        let envelope = NewEnvelope { name: &name, stamp: *stamp, rules, content };
                        changes.keep(folder, envelope)
                    }
                    None => changes.forget(folder, &name),
                }
            })
        });
    }

    pub(super) fn write(
        &mut self,
        changes: impl FnOnce(&mut crate::catalogue::Changes<'_>) -> rusqlite::Result<()>,
    ) {
        let Some(catalogue) = &mut self.catalogue else { return };
        match catalogue.write(changes) {
            Ok(()) => {}
            // Another station is writing. What is not kept is judged again next time.
            Err(error) if error.is_in_use() => {}
            Err(error) => {
                if let Some(catalogue) = self.catalogue.take_if(|_| error.is_damaged()) {
                    catalogue.delete();
                }
                self.catalogue = None;
                self.lose_catalogue(error);
            }
        }
    }

    fn lose_catalogue(&mut self, error: CatalogueError) {
        self.catalogue_trouble = Some(Trouble::Catalogue { cause: error }.problem());
    }
}
