//! Media and backups in a bucket, against a server that speaks S3: `scripts/s3 cargo test -p erasure --test s3` starts one.

#[cfg(test)]
mod bucket;
#[cfg(test)]
#[expect(dead_code, reason = "the stories need more of it")]
#[path = "../story/copies.rs"]
mod copies;
#[cfg(test)]
#[expect(dead_code, reason = "the stories need more of it")]
#[path = "../story/harness.rs"]
mod harness;
#[cfg(test)]
mod weather;

#[cfg(test)]
mod backups;
#[cfg(test)]
mod bad_days;
#[cfg(test)]
mod everything_goes;
