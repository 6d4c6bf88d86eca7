//! Where a sealed value belongs. A value copied to another row, column, organization or deployment does not open.

use super::cipher::joined;

/// A column of a row of an organization (or of the deployment, when there is none).
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The organization's id; empty for the deployment's own values.
    pub organization: &'a str,
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row's id.
    pub row: &'a str,
}

impl Place<'_> {
    /// The associated data: format, key, deployment and place, so that no two places share a text.
    pub(super) fn associated_data(
        &self,
        header: [u8; 2],
        key_id: &[u8],
        deployment: &str,
    ) -> Vec<u8> {
        joined(&[
            &header,
            key_id,
            deployment.as_bytes(),
            self.organization.as_bytes(),
            self.table.as_bytes(),
            self.column.as_bytes(),
            self.row.as_bytes(),
        ])
    }
}
