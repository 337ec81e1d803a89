//! A browser without a screen: keeps cookies, sends forms as pages do, and reads what comes back.

use std::collections::BTreeMap;
use std::sync::Mutex;

use lojal_server::platform::http::HttpOptions;
use lojal_server::platform::mail::Mailer;
use lojal_server::{Front, serve};
use reqwest::header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use tokio::net::TcpListener;

use crate::shop::Shop;

pub const PASSWORD: &str = "kawa z mlekiem o ósmej";

/// The service, with what its first owner must know.
pub struct House {
    pub shop: Shop,
    pub address: String,
    pub code: String,
    /// The address that people use from outside.
    pub public: String,
}

impl House {
    pub async fn open() -> House {
        House::around(Shop::open().await, None).await
    }

    /// The service of a shop, with a way to send letters or without one.
    pub async fn around(shop: Shop, mailer: Option<Mailer>) -> House {
        let house = House::anywhere(shop, mailer).await;
        assert!(!house.code.is_empty());
        house
    }

    async fn anywhere(shop: Shop, mailer: Option<Mailer>) -> House {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let public = format!("http://{}", listener.local_addr().unwrap());
        House::at(shop, mailer, listener, &public).await
    }

    /// The service under a name, as passkeys need it.
    pub async fn named() -> House {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let public = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        House::at(Shop::open().await, None, listener, &public).await
    }

    /// The service that people reach from outside by another address.
    pub async fn at(shop: Shop, mailer: Option<Mailer>, listener: TcpListener, public: &str) -> House {
        let address = format!("http://{}", listener.local_addr().unwrap());
        let front = Front::open(None, public).unwrap().with_mailer(mailer);
        let code = front.set_up_code(&shop.application).await.unwrap().unwrap_or_default().to_owned();
        let application = shop.application.clone();
        tokio::spawn(serve(application, front, HttpOptions::default(), listener, std::future::pending()));
        House { shop, address, code, public: public.to_owned() }
    }

    /// The service of a shop that somebody has set up already, through another process.
    pub async fn beside(shop: Shop) -> House {
        House::anywhere(shop, None).await
    }

    pub fn browser(&self) -> Browser {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Browser { address: self.address.clone(), client, cookies: Mutex::default() }
    }

    /// A browser in which the first owner has just set the house up.
    pub async fn owner(&self) -> Browser {
        let browser = self.browser();
        let page = browser.set_up(&self.code).await;
        assert_eq!((page.status, page.location.as_str()), (303, "/console"), "{}", page.text);
        browser
    }
}

pub struct Browser {
    address: String,
    client: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// What a browser was shown.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub location: String,
    pub headers: HeaderMap,
    pub text: String,
}

impl Page {
    /// What stands between two pieces of the page.
    pub fn between(&self, before: &str, after: &str) -> &str {
        let rest = self.text.split_once(before).unwrap_or_else(|| panic!("no {before} in {}", self.text)).1;
        rest.split_once(after).expect(after).0
    }
}

impl Browser {
    pub async fn get(&self, path: &str) -> Page {
        self.send(self.client.get(format!("{}{path}", self.address))).await
    }

    /// Sends a form of one of the house's pages.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let request = self.client.post(format!("{}{path}", self.address)).header("sec-fetch-site", "same-origin");
        self.send(form(request, fields)).await
    }

    /// As [`Browser::post`], for somebody whom a neighbour asks for.
    pub async fn post_for(&self, path: &str, fields: &[(&str, &str)], client: &str) -> Page {
        let request = self.client.post(format!("{}{path}", self.address)).header("sec-fetch-site", "same-origin");
        self.send(form(request.header("x-forwarded-for", client), fields)).await
    }

    /// What it keeps under this name.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Keeps something else.
    pub fn keep(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// Sends a form that stands on somebody else's page.
    pub async fn post_from_elsewhere(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let request = self.client.post(format!("{}{path}", self.address)).header("sec-fetch-site", "cross-site");
        self.send(form(request, fields)).await
    }

    /// Sends a form with a file.
    pub async fn upload(&self, path: &str, field: &str, file: &[u8]) -> Page {
        self.upload_with(path, &[], field, file).await
    }

    /// Sends a form with a file and with words.
    pub async fn upload_with(&self, path: &str, words: &[(&str, &str)], field: &str, file: &[u8]) -> Page {
        let word = |(name, said): &(&str, &str)| {
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{said}\r\n")
        };
        let words: String = words.iter().map(word).collect();
        let head = format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"a.png\"\r\n\r\n");
        let body = [words.as_bytes(), head.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
        let request = self.client.post(format!("{}{path}", self.address)).header("sec-fetch-site", "same-origin");
        self.send(request.header("content-type", "multipart/form-data; boundary=edge").body(body)).await
    }

    pub async fn set_up(&self, code: &str) -> Page {
        let fields = [
            ("code", code),
            ("name", "Ewa <Lis>"),
            ("email", "ewa@shop.example"),
            ("password", PASSWORD),
            ("repeated", PASSWORD),
        ];
        self.post("/console/setup", &fields).await
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Page {
        self.post("/console/sign-in", &[("email", email), ("password", password)]).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Page {
        let cookies: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header(COOKIE, cookies.join("; ")).send().await.unwrap();
        let headers = answer.headers().clone();
        for cookie in headers.get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        let location = headers.get(LOCATION).map_or(String::new(), |address| address.to_str().unwrap().to_owned());
        let status = answer.status().as_u16();
        // What is not to be broken across lines is compared as if it were.
        Page {
            status,
            location,
            headers,
            text: String::from_utf8_lossy(&answer.bytes().await.unwrap()).replace('\u{a0}', " "),
        }
    }
}

fn form(request: reqwest::RequestBuilder, fields: &[(&str, &str)]) -> reqwest::RequestBuilder {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    request.header("content-type", "application/x-www-form-urlencoded").body(body)
}
