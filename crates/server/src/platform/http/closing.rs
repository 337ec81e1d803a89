//! Tells answers that would go on for long that the server is about to end.

use tokio::sync::watch;

/// Whether the end has begun; never, unless somebody holds the other side.
#[derive(Clone, Debug, Default)]
pub struct Closing(Option<watch::Receiver<bool>>);

impl Closing {
    /// With what announces the end.
    pub fn new() -> (watch::Sender<bool>, Closing) {
        let (announce, begun) = watch::channel(false);
        (announce, Closing(Some(begun)))
    }

    /// Ready when the end has begun.
    pub async fn begun(&self) {
        match self.0.clone() {
            // Whoever would announce it is gone: that is the end, too.
            Some(mut begun) => drop(begun.wait_for(|begun| *begun).await),
            None => std::future::pending().await,
        }
    }
}
