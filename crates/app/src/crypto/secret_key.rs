//! Where the secret key comes from: the setting, else the file in the data folder, else a new one.

use super::random;
use super::{KeyError, KeyRing};
use langflow_core::Secret;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The file of the current secret, in the data folder.
pub const FILE: &str = "secret_key";
/// Secrets that were current before, one a line, newest first. They are read, never written with.
pub const PREVIOUS_FILE: &str = "secret_key.previous";

/// Why the server has no secret key.
#[derive(Debug, Error)]
pub enum SecretKeyError {
    #[error("{origin}: {source}")]
    Unusable { origin: String, source: KeyError },
    #[error("the secret key file {} cannot be {action}: {source}", path.display())]
    File { path: PathBuf, action: &'static str, source: io::Error },
    #[error("no secret key could be made: {0}")]
    Random(String),
}

/// Where the current secret came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Setting,
    File,
    Generated,
}

/// The secrets as found.
#[derive(Clone, Debug)]
pub struct Found {
    pub current: Secret,
    pub previous: Vec<Secret>,
    pub origin: Origin,
}

/// Loads the key ring. `explicit` is `LANGFLOW_SECRET_KEY`, `previous` is `LANGFLOW_SECRET_KEY_PREVIOUS`.
///
/// An explicit secret wins and is *not* written to the file (Langflow does that; here the operator decides
/// where a secret lies). Without one the file is read; without a file one is made, readable by its owner
/// only.
pub fn load(
    config_dir: &Path,
    explicit: &Secret,
    previous: &[Secret],
) -> Result<(KeyRing, Found), SecretKeyError> {
    let found = find(config_dir, explicit, previous)?;
    let origin = match found.origin {
        Origin::Setting => "LANGFLOW_SECRET_KEY".to_owned(),
        Origin::File | Origin::Generated => config_dir.join(FILE).display().to_string(),
    };
    let ring = KeyRing::new(&found.current, &found.previous)
        .map_err(|source| SecretKeyError::Unusable { origin, source })?;
    Ok((ring, found))
}

fn find(config_dir: &Path, explicit: &Secret, previous: &[Secret]) -> Result<Found, SecretKeyError> {
    let file = config_dir.join(FILE);
    let mut older: Vec<Secret> = previous.to_vec();
    let stored = read(&file)?;
    if let Some(lines) = read(&config_dir.join(PREVIOUS_FILE))? {
        older.extend(lines.expose().lines().map(str::trim).filter(|l| !l.is_empty()).map(Secret::new));
    }
    if !explicit.expose().trim().is_empty() {
        // What the file's key wrote before the setting was made stays readable.
        older.extend(stored.filter(|secret| KeyRing::new(secret, &[]).is_ok()));
        return Ok(Found { current: explicit.clone(), previous: older, origin: Origin::Setting });
    }
    if let Some(current) = stored {
        return Ok(Found { current, previous: older, origin: Origin::File });
    }
    let current = Secret::new(random::token().map_err(|e| SecretKeyError::Random(e.to_string()))?);
    fs::create_dir_all(config_dir).map_err(|source| SecretKeyError::File {
        path: config_dir.to_owned(),
        action: "put into its folder",
        source,
    })?;
    write_new(&file, &current)?;
    Ok(Found { current, previous: older, origin: Origin::Generated })
}

/// The content of a secret file; `None` if it is absent or empty.
pub(super) fn read(path: &Path) -> Result<Option<Secret>, SecretKeyError> {
    match fs::read_to_string(path) {
        Ok(text) if text.trim().is_empty() => Ok(None),
        Ok(text) => Ok(Some(Secret::new(text.trim_end_matches(['\n', '\r'])))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(SecretKeyError::File { path: path.to_owned(), action: "read", source }),
    }
}

/// Writes a secret file that did not exist or was empty. Another server that starts at the same time on
/// the same folder must not be overwritten, so an existing file with content is an error.
pub(super) fn write_new(path: &Path, secret: &Secret) -> Result<(), SecretKeyError> {
    let result = (|| {
        if path.metadata().is_ok_and(|meta| meta.len() == 0) {
            fs::remove_file(path)?;
        }
        write_private(OpenOptions::new().write(true).create_new(true), path, secret.expose())
    })();
    result.map_err(|source| SecretKeyError::File { path: path.to_owned(), action: "written", source })
}

/// Makes `next` the current secret of the folder, and the present one a previous one.
///
/// The previous secrets are written first: a crash in between leaves every value readable.
pub fn rotate_files(config_dir: &Path, present: &Secret, next: &Secret) -> Result<(), SecretKeyError> {
    let list = config_dir.join(PREVIOUS_FILE);
    let mut lines = vec![present.expose().trim().to_owned()];
    if let Some(known) = read(&list)? {
        lines.extend(
            known.expose().lines().map(str::to_owned).filter(|line| line.trim() != present.expose().trim()),
        );
    }
    replace(&list, &(lines.join("\n") + "\n"))?;
    replace(&config_dir.join(FILE), next.expose())
}

/// Forgets the previous secrets.
pub fn forget_previous(config_dir: &Path) -> Result<(), SecretKeyError> {
    let path = config_dir.join(PREVIOUS_FILE);
    match fs::remove_file(&path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(SecretKeyError::File { path, action: "removed", source })
        }
        _ => Ok(()),
    }
}

/// Replaces a secret file in one step.
pub(super) fn replace(path: &Path, content: &str) -> Result<(), SecretKeyError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let fresh = PathBuf::from(name);
    let result = write_private(OpenOptions::new().write(true).create(true).truncate(true), &fresh, content)
        .and_then(|()| fs::rename(&fresh, path));
    result.map_err(|source| SecretKeyError::File { path: path.to_owned(), action: "written", source })
}

fn write_private(options: &mut OpenOptions, path: &Path, content: &str) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none() -> Secret {
        Secret::default()
    }

    #[test]
    fn a_generated_key_is_private_and_stays() {
        let dir = tempfile::tempdir().unwrap();
        let nested = dir.path().join("data");
        let (_, first) = load(&nested, &none(), &[]).unwrap();
        assert_eq!(first.origin, Origin::Generated);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(nested.join(FILE).metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        let (_, second) = load(&nested, &none(), &[]).unwrap();
        assert_eq!((second.origin, second.current), (Origin::File, first.current));
    }

    #[test]
    fn an_explicit_key_wins_and_the_file_stays_readable() {
        let dir = tempfile::tempdir().unwrap();
        let (old, _) = load(dir.path(), &none(), &[]).unwrap();
        let clock = langflow_core::clock::SystemClock;
        let token = old.encrypt(&Secret::new("x"), &clock).unwrap();
        let (ring, found) = load(dir.path(), &Secret::new("mysecret"), &[]).unwrap();
        assert_eq!(found.origin, Origin::Setting);
        assert_eq!(ring.decrypt(&token).unwrap().expose(), "x");
        assert!(!ring.is_current(&token));
    }

    #[test]
    fn rotation_keeps_what_was_written_readable() {
        let dir = tempfile::tempdir().unwrap();
        let clock = langflow_core::clock::SystemClock;
        let (mut ring, mut found) = load(dir.path(), &none(), &[]).unwrap();
        let token = ring.encrypt(&Secret::new("x"), &clock).unwrap();
        for _ in 0..3 {
            let next = Secret::new(random::token().unwrap());
            rotate_files(dir.path(), &found.current, &next).unwrap();
            (ring, found) = load(dir.path(), &none(), &[]).unwrap();
            assert_eq!(found.current, next);
            assert_eq!(ring.decrypt(&token).unwrap().expose(), "x");
        }
        forget_previous(dir.path()).unwrap();
        assert!(load(dir.path(), &none(), &[]).unwrap().0.decrypt(&token).is_none());
    }

    #[test]
    fn an_unusable_key_refuses() {
        let dir = tempfile::tempdir().unwrap();
        let error = load(dir.path(), &Secret::new("x".repeat(40)), &[]).unwrap_err().to_string();
        assert!(error.contains("LANGFLOW_SECRET_KEY") && error.contains("secret-key generate"), "{error}");
    }
}
