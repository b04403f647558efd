//! A small disk, to be full or to be read only.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A small disk in memory; it is given back at the end.
pub struct Disk(pub PathBuf);

impl Disk {
    /// Mounts one of so many kB; `None` where that is not allowed.
    pub fn mount(place: &Path, kb: u64) -> Option<Self> {
        std::fs::create_dir_all(place).unwrap();
        let size = format!("size={kb}k");
        let ran = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(place).output();
        ran.is_ok_and(|ran| ran.status.success()).then(|| Self(place.to_owned()))
    }

    /// Returns how many kB of it are used.
    pub fn used_kb(&self) -> u64 {
        let ran = Command::new("df").args(["-k", "--output=used"]).arg(&self.0).output().unwrap();
        let text = String::from_utf8_lossy(&ran.stdout);
        text.lines().nth(1).and_then(|used| used.trim().parse().ok()).unwrap()
    }

    /// Changes what it allows.
    pub fn again(&self, options: &str) {
        let ran = Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(&self.0).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(&self.0).output());
    }
}
