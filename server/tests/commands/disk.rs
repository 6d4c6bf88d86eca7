//! File systems that may be read only: what stands still says why, and goes on once they may be written again.

use std::{path::PathBuf, process::Command};

use crate::harness::{Deployment, said};

/// A small file system of its own at a folder of a deployment; only root may mount one.
struct Disk(PathBuf);

impl Disk {
    fn mounted_at(place: PathBuf) -> Option<Self> {
        std::fs::create_dir_all(&place).unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=64m", "qliento-test"])
            .arg(&place)
            .output();
        mount
            .is_ok_and(|output| output.status.success())
            .then_some(Self(place))
    }

    fn remount(&self, mode: &str) {
        let done = Command::new("mount")
            .args(["-o", &format!("remount,{mode}")])
            .arg(&self.0)
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).output();
    }
}

fn seed(deployment: &Deployment) {
    deployment.ok(&["seed", "--organizations", "2", "--messages", "50"]);
}

#[test]
fn a_database_on_a_read_only_file_system_is_named_and_nothing_is_lost() {
    let deployment = Deployment::empty_on_sqlite();
    let Some(disk) = Disk::mounted_at(deployment.folder.path().join("data")) else {
        return;
    };
    let deployment = deployment.set_up();
    seed(&deployment);
    deployment.ok(&["erase", "organization", "org-1", "--yes"]);

    disk.remount("ro");
    let (code, words) = said(&deployment.run(&["erasures", "list"]));
    assert_eq!(code, Some(2));
    assert!(words.contains("that this user may write there"), "{words}");

    disk.remount("rw");
    deployment.ok(&["erase", "organization", "org-2", "--yes", "--wait"]);
    let listed = deployment.ok(&["erasures", "list"]);
    assert_eq!(listed.matches("completed").count(), 2, "{listed}");
}

#[test]
fn media_on_a_read_only_file_system_park_the_erasure_until_it_is_tried_again() {
    let deployment = Deployment::new_on_sqlite();
    let Some(disk) = Disk::mounted_at(deployment.folder.path().join("data/media")) else {
        return;
    };
    seed(&deployment);

    disk.remount("ro");
    let waited = deployment.run(&["erase", "organization", "org-1", "--yes", "--wait"]);
    assert_eq!(waited.status.code(), Some(1));
    let listed = deployment.ok(&["erasures", "list"]);
    assert!(
        listed.contains("PARKED the media folder is on a read-only file system"),
        "{listed}"
    );

    disk.remount("rw");
    assert!(
        deployment
            .ok(&["erasures", "retry"])
            .contains("1 tried again")
    );
    let (code, words) = said(&deployment.run(&["erasures", "retry"]));
    assert_eq!(code, Some(2));
    assert!(words.contains("nothing of that is parked"), "{words}");
    deployment.ok(&["erase", "organization", "org-2", "--yes", "--wait"]);
    let listed = deployment.ok(&["erasures", "list"]);
    assert_eq!(listed.matches("completed").count(), 2, "{listed}");
}
