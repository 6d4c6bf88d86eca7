//! Where a sealed value belongs. A value copied to another row, column or organization does not open.

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
    /// The associated data: version, key and place, each with its length, so that no two places share a text.
    pub(super) fn associated_data(&self, version: u8, key_id: &[u8]) -> Vec<u8> {
        let mut data = vec![version];
        let parts = [
            key_id,
            self.organization.as_bytes(),
            self.table.as_bytes(),
            self.column.as_bytes(),
            self.row.as_bytes(),
        ];
        for part in parts {
            data.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            data.extend(part);
        }
        data
    }
}
