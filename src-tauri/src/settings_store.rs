//! The window's settings are held by tauri-plugin-store; `app` reads, checks, journals and writes them.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use countersign_app::settings_file::StoredSettings;
use serde_json::{Map, Value};
use tauri::{AppHandle, Runtime};
use tauri_plugin_store::{Store, StoreBuilder};

/// Settings in a store of the plugin.
pub struct SettingsStore<R: Runtime>(Arc<Store<R>>);

impl<R: Runtime> SettingsStore<R> {
    /// An empty store for the settings of a file. It neither reads nor writes the file: the plugin
    /// would truncate it first, and follow the umask.
    ///
    /// # Errors
    /// If the plugin makes no store.
    pub fn new(app: &AppHandle<R>, path: &Path) -> Result<Self, tauri_plugin_store::Error> {
        StoreBuilder::new(app, path).disable_auto_save().create_new().build().map(Self)
    }
}

impl<R: Runtime> StoredSettings for SettingsStore<R> {
    fn entries(&self) -> Map<String, Value> {
        self.0.entries().into_iter().collect()
    }

    fn set(&mut self, values: Map<String, Value>) {
        for (name, value) in values {
            self.0.set(name, value);
        }
    }
}

impl<R: Runtime> fmt::Debug for SettingsStore<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.entries()).finish()
    }
}
