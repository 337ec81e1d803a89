//! One signed hash stands for everything, and a member can be shown to be in it.

use lojal_server::checkpoints::{Checkpoint, Doubt, Proof, checkpoint, prove, verify};
use serde_json::{Value, json};

use crate::shop::{self, Shop, adjust};

fn changed<T: serde::Serialize + serde::de::DeserializeOwned>(what: &T, pointer: &str, value: Value) -> T {
    let mut json = serde_json::to_value(what).unwrap();
    *json.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    serde_json::from_value(json).unwrap()
}

#[tokio::test]
async fn a_checkpoint_holds_when_the_shop_has_gone_on() {
    let shop = Shop::open().await;
    let empty = checkpoint(&shop.application).await.unwrap();
    shop.live_a_little().await;
    let taken = checkpoint(&shop.application).await.unwrap();
    assert_eq!(taken.summary.holders, 2);
    assert_eq!(taken.summary.transactions, shop.count("journal").await);
    assert_eq!(checkpoint(&shop.application).await.unwrap(), taken, "the same data give the same checkpoint");

    let ada = shop.application.member_by_external_id("ada").await.unwrap().unwrap();
    shop.submit(ada.id, adjust(5)).await.unwrap();
    shop.enrol("zoe").await;
    let later = checkpoint(&shop.application).await.unwrap();
    assert_ne!(later.summary.root, taken.summary.root);
    for checkpoint in [&empty, &taken, &later] {
        assert_eq!(verify(&shop.application, checkpoint).await.unwrap(), Ok(()));
    }
    let shop = shop.reopen().await;
    assert_eq!(verify(&shop.application, &taken).await.unwrap(), Ok(()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let key = std::fs::metadata(shop.folder.path().join("signing.key")).unwrap();
        assert_eq!(key.permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn a_checkpoint_that_was_changed_is_found_out() {
    let shop = Shop::open().await;
    shop.live_a_little().await;
    let taken = checkpoint(&shop.application).await.unwrap();
    let zeros = |bytes: usize| Value::from("00".repeat(bytes));
    for (pointer, value, doubt) in [
        ("/lojal_checkpoint", json!(2), Doubt::Format),
        ("/transactions", json!(taken.summary.transactions - 1), Doubt::Contradiction),
        ("/parts/0/holders", json!(7), Doubt::Contradiction),
        ("/parts/0/root", zeros(32), Doubt::Contradiction),
        ("/root", zeros(32), Doubt::Contradiction),
        ("/taken_at", json!("2020-01-01T00:00:00Z"), Doubt::Signature),
        ("/programme", json!("another"), Doubt::Signature),
        ("/signature", zeros(64), Doubt::Signature),
    ] {
        let changed: Checkpoint = changed(&taken, pointer, value);
        assert_eq!(changed.check(None), Err(doubt), "{pointer}");
        assert_eq!(verify(&shop.application, &changed).await.unwrap(), Err(doubt), "{pointer}");
    }
    let other = Shop::open().await;
    assert_eq!(verify(&other.application, &taken).await.unwrap(), Err(Doubt::OtherKey));
}

#[tokio::test]
async fn a_history_that_was_changed_is_found_out() {
    let shop = Shop::open().await;
    shop.live_a_little().await;
    let taken = checkpoint(&shop.application).await.unwrap();
    shop.application.close().await;
    for sql in [
        "update holder_state set head_hash = (select hash from journal where kind = 'enrol' limit 1)",
        "update holder_state set version = version - 1",
        "delete from holder_state where holder = (select id from member where external_id = 'bob')",
    ] {
        let folder = shop::copy(shop.folder.path());
        let application = shop::open(folder.path(), &shop.clock).await;
        let tampered = Shop { application, clock: shop.clock.clone(), folder };
        tampered.tamper(sql).await;
        let verified = verify(&tampered.application, &taken).await.unwrap();
        assert_eq!(verified, Err(Doubt::OtherHistory), "{sql}");
    }
}

#[tokio::test]
async fn a_member_is_proved_to_be_in_a_checkpoint() {
    let shop = Shop::open().await;
    shop.live_a_little().await;
    for number in 0..150 {
        shop.enrol(&format!("member-{number}")).await;
    }
    let key = checkpoint(&shop.application).await.unwrap().public_key;
    for name in ["ada", "bob", "member-7", "member-149"] {
        let proof = prove(&shop.application, name).await.unwrap();
        assert_eq!(proof.check(Some(key)), Ok(()), "{name}");
        let travelled: Proof = serde_json::from_str(&serde_json::to_string(&proof).unwrap()).unwrap();
        assert_eq!(travelled, proof);
    }
    let (ada, bob) = (prove(&shop.application, "ada").await.unwrap(), prove(&shop.application, "bob").await.unwrap());
    for (pointer, value, doubt) in [
        ("/transactions", json!(ada.transactions + 1), Doubt::Path),
        ("/head_hash", json!(bob.head_hash), Doubt::Path),
        ("/holder", json!(bob.holder), Doubt::Path),
        ("/path", json!([{ "left": "00".repeat(32) }]), Doubt::Path),
        ("/lojal_proof", json!(3), Doubt::Format),
        ("/checkpoint/holders", json!(1), Doubt::Contradiction),
    ] {
        assert_eq!(changed(&ada, pointer, value).check(Some(key)), Err(doubt), "{pointer}");
    }
    let other = Shop::open().await;
    let other = checkpoint(&other.application).await.unwrap().public_key;
    assert_eq!(ada.check(Some(other)), Err(Doubt::OtherKey));
    assert!(prove(&shop.application, "nobody").await.is_err());
}
