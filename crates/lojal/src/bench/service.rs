//! Servers on loopback, in this process: the real one, and one that only parses and replies.

use std::num::NonZeroU32;

use lojal_server::Front;
use lojal_server::platform::application::Application;
use lojal_server::platform::http::{HttpOptions, Stopwatch};
use lojal_server::platform::keys::{KeyVisibility, Scope, key_create};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::http::{Answer, Connection, request};
use super::load::Client;
use crate::failure::Failure;

/// More than any machine sends: the limits of a key are not what is measured.
const NO_LIMIT: NonZeroU32 = NonZeroU32::new(1_000_000).expect("it is not zero");

pub struct Service {
    pub address: String,
    pub key: String,
    stop: oneshot::Sender<()>,
    ending: JoinHandle<()>,
}

impl Service {
    /// The server that shops run.
    pub async fn start(application: &Application) -> Result<Service, Failure> {
        Service::start_with(application, Front::open(None, "http://127.0.0.1")?).await
    }

    /// As [`Service::start`], with a front whose code is known.
    pub async fn start_with(application: &Application, front: Front) -> Result<Service, Failure> {
        Service::start_timed(application, front, None).await
    }

    /// As [`Service::start_with`], and takes down how long requests stay in the server.
    pub async fn start_timed(
        application: &Application,
        front: Front,
        stopwatch: Option<&'static Stopwatch>,
    ) -> Result<Service, Failure> {
        let mut transaction = application.database.write().await?;
        let now = application.clock.now();
        let made = key_create(&mut transaction, "bench", KeyVisibility::Secret, &Scope::ALL, now).await?;
        transaction.commit().await?;
        let (listener, address) = bind().await?;
        let (stop, stopped) = oneshot::channel();
        let options = HttpOptions { per_second: NO_LIMIT, burst: NO_LIMIT, stopwatch, ..HttpOptions::default() };
        let serving = lojal_server::serve(application.clone(), front, options, listener, ready(stopped));
        Ok(Service { address, key: made.1, stop, ending: tokio::spawn(serving) })
    }

    /// A server that parses orders as the real one does, and always answers `answer`.
    pub async fn parsing_only(answer: Answer) -> Result<Service, Failure> {
        Service::parsing_only_timed(answer, None).await
    }

    pub async fn parsing_only_timed(answer: Answer, stopwatch: Option<&'static Stopwatch>) -> Result<Service, Failure> {
        let (listener, address) = bind().await?;
        let (stop, stopped) = oneshot::channel();
        let serving = lojal_server::serve_parsing_only(answer.body, stopwatch, listener, ready(stopped));
        Ok(Service { address, key: "none".to_owned(), stop, ending: tokio::spawn(serving) })
    }

    /// Stops when the last connection is closed.
    pub async fn end(self) -> Result<(), Failure> {
        // It may have ended already.
        let _ = self.stop.send(());
        Ok(self.ending.await?)
    }
}

async fn bind() -> Result<(TcpListener, String), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    Ok((listener, address))
}

async fn ready(stopped: oneshot::Receiver<()>) {
    // A sender that is gone has stopped as well.
    let _ = stopped.await;
}

/// Makes the next request, and says how many things it asks for.
pub trait Requests: Send + 'static {
    fn next(&mut self, key: &str) -> (Vec<u8>, u64);
}

/// Sends one request after another on a connection of its own.
pub struct Caller<R> {
    connection: Connection,
    key: String,
    requests: R,
}

impl<R: Requests> Caller<R> {
    /// A caller for each of `requests`.
    pub async fn all(service: &Service, requests: Vec<R>) -> Result<Vec<Caller<R>>, Failure> {
        let mut callers = Vec::with_capacity(requests.len());
        for requests in requests {
            let connection = Connection::open(&service.address).await?;
            callers.push(Caller { connection, key: service.key.clone(), requests });
        }
        Ok(callers)
    }

    pub async fn call(&mut self) -> Result<(Answer, u64), Failure> {
        let (request, count) = self.requests.next(&self.key);
        let answer = self.connection.exchange(&request).await?;
        if !matches!(answer.status, 200 | 302) {
            let said = String::from_utf8_lossy(&answer.body).into_owned();
            return Err(Failure::new(format!("the server answered {}: {said}", answer.status)));
        }
        Ok((answer, count))
    }
}

impl<R: Requests> Client for Caller<R> {
    async fn ask(&mut self) -> Result<u64, Failure> {
        Ok(self.call().await?.1)
    }
}

/// A `PUT` of an order.
pub fn order_request(name: &str, key: &str, body: &str) -> Vec<u8> {
    request("PUT", &format!("/v1/orders/{name}"), key, "application/json", body)
}
