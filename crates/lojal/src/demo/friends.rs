//! How the demo's members brought others: the links that were passed on and followed, and what became of them.

use std::sync::Arc;

use lojal_core::kernel::{ClickId, Id, Instant, MemberId, Name};
use lojal_fraud::identifier::Clear;
use lojal_server::platform::application::Application;
use lojal_server::platform::clicks::{
    Click, ClickKind, ClickSource, ClickToken, Clicks, Mark, VisitorKey, click_add, click_find,
};
use lojal_server::platform::introductions::{Introduced, Met, introduce};
use lojal_server::platform::referral_codes::{ReferralCode, code_make};
use lojal_server::platform::shares::{ShareSource, share_add};
use lojal_simulation::shop::Recommended;

use crate::failure::Failure;

/// Of which links are made that nobody follows here.
const PUBLIC: &str = "http://127.0.0.1";
/// Between passing a link on and its first friend.
const HOUR: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);
/// Between two who followed the same link.
const MINUTE: i64 = 60_000;
/// Whoever is recommended says so soon after joining.
const MOMENT: jiff::SignedDuration = jiff::SignedDuration::from_secs(10);

/// Takes in clicks and says who brought whom.
pub struct Friends<'a> {
    application: &'a Application,
    clicks: Clicks,
}

impl<'a> Friends<'a> {
    pub fn new(application: &'a Application) -> Friends<'a> {
        Friends { application, clicks: Clicks::start(application, &Arc::from(PUBLIC)) }
    }

    /// A friend who joined at a moment was recommended. Answers whether the advocate is credited. Told again, nothing
    /// changes.
    pub async fn came(
        &self,
        friend: MemberId,
        joined_at: Instant,
        advocate: MemberId,
        recommended: &Recommended,
    ) -> Result<bool, Failure> {
        let application = self.application;
        application.clock.set(recommended.clicked_at);
        let code = self.code(advocate, &recommended.channel).await?;
        let mut token = None;
        let mut transaction = application.database.write_aside().await?;
        let clicked = self.click(&code, friend, 0, recommended);
        if click_find(&mut transaction, clicked.id).await?.is_none() {
            let shared_at = recommended.clicked_at - HOUR;
            let shared = (advocate, recommended.channel.as_str(), ShareSource::Portal);
            share_add(application, &mut transaction, shared, shared_at).await?;
        }
        for other in (0..=recommended.others).rev() {
            let click = self.click(&code, friend, other, recommended);
            click_add(application, &mut transaction, &click).await?;
            token = Some(ClickToken { click: click.id, code: click.code }.sign(&application.vault));
        }
        transaction.commit().await?;
        if recommended.is_made_up {
            let device = format!("device of {advocate}");
            let seen = Clear { device: Some(&device), ..Clear::default() };
            for member in [advocate, friend] {
                application.watch(member, &seen, recommended.clicked_at).await?;
            }
        }
        application.clock.set(joined_at + MOMENT);
        let met = Met { click: token, ..Met::default() };
        let came = introduce(application, &self.clicks, friend, &met, joined_at + MOMENT).await?;
        Ok(matches!(came, Introduced::By(_)))
    }

    async fn code(&self, advocate: MemberId, channel: &Name) -> Result<ReferralCode, Failure> {
        let mut transaction = self.application.database.write_aside().await?;
        let code = code_make(self.application, &mut transaction, advocate, channel).await?;
        let code = code.map_err(|refusal| Failure::new(refusal.to_string()))?;
        transaction.commit().await?;
        Ok(code)
    }

    /// The click of the friend (`other` 0), or of somebody else some minutes before. Its id says which it is, so that a
    /// story that is told again has the same clicks.
    fn click(&self, code: &ReferralCode, friend: MemberId, other: u64, recommended: &Recommended) -> Click {
        let before = i64::try_from(other).unwrap_or_default() * MINUTE;
        let clicked_at = recommended.clicked_at.as_millisecond() - before;
        let visitor = VisitorKey::Shop(format!("demo {friend} {other}"));
        let sequence = (friend.number() % i64::from(u16::MAX)).unsigned_abs() as u16;
        Click {
            id: ClickId(Id::new(clicked_at, sequence, code.name.part())),
            code: Some(code.id),
            advocate: Some(code.member),
            channel: recommended.channel.to_string(),
            visitor: Mark::of_visitor(&self.application.vault, &visitor),
            kind: ClickKind::Person,
            source: ClickSource::Link,
            address: None,
            network: None,
            agent: None,
            clicked_at: clicked_at * 1_000,
        }
    }
}
