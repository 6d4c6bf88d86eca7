//! More than two years of monthly invoices, each the sum of its lines.

use super::{Making, Rows, SeedError, args, fill};
use crate::{db::Value, seed::chance::Month};

const MONTHS_BILLED: i16 = 26;
const PLAN_CENTS: i64 = 4_900;

/// A line before it is written.
struct Line {
    description: &'static str,
    quantity: i64,
    unit_price_cents: i64,
}

impl Making<'_> {
    pub(super) async fn invoices(&mut self) -> Result<(), SeedError> {
        let mut invoices = Rows::of(
            "invoices",
            "organization_id, id, number, customer_name, customer_address, customer_email, currency, total_cents, issued_at",
        );
        let mut lines = Rows::of(
            "invoice_lines",
            "organization_id, invoice_id, position, description, quantity, unit_price_cents, tax_percent",
        );
        let address = self.marked(&self.postal_address(self.words));
        let email = self.address(&format!("billing@{}.example", self.plan.slug));
        let mut all_lines = Vec::new();
        for months in (0..MONTHS_BILLED).rev() {
            let month = Month::before_the_end(months);
            let id = self.chance.id(month.begins_at());
            let of_month = self.lines();
            let net: i64 = of_month
                .iter()
                .map(|line| line.quantity * line.unit_price_cents)
                .sum();
            let row = args![
                self.org(),
                id.as_str(),
                self.marked(&format!("{}-{}", month.name(), self.chance.digits(6))),
                self.marked(&self.name),
                address.as_str(),
                email.as_str(),
                self.country.currency,
                net * (100 + self.country.tax_percent) / 100,
                month.begins_at(),
            ];
            invoices.push(&mut self.writer, row).await?;
            for (position, line) in (1_i64..).zip(of_month) {
                let description = fill(line.description, |_| month.name());
                let mut row = args![self.org(), id.as_str(), position];
                row.extend([
                    Value::from(self.marked(&description)),
                    Value::from(line.quantity),
                    Value::from(line.unit_price_cents),
                    Value::from(self.country.tax_percent),
                ]);
                all_lines.push(row);
            }
        }
        invoices.flush(&mut self.writer).await?;
        for row in all_lines {
            lines.push(&mut self.writer, row).await?;
        }
        Ok(lines.flush(&mut self.writer).await?)
    }

    /// The plan, and in some months what went beyond it.
    fn lines(&self) -> Vec<Line> {
        let mut lines = vec![Line {
            description: self.words.subscription,
            quantity: 1,
            unit_price_cents: PLAN_CENTS,
        }];
        if self.chance.once_in(2) {
            lines.push(Line {
                description: self.words.usage,
                quantity: i64::from(1 + self.chance.below(40)),
                unit_price_cents: 250,
            });
        }
        lines
    }
}
