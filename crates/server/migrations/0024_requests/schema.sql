create table keyed_request (
    part bigint not null,
    key text not null,
    fingerprint bytes not null,
    subject text not null,
    made_at bigint not null,
    primary key (part, key)
);

insert into keyed_request (part, key, fingerprint, subject, made_at)
select part, key, fingerprint, subject, made_at from webhook_request;

insert into keyed_request (part, key, fingerprint, subject, made_at)
select part, key, fingerprint, subject, made_at from referral_request
where not exists (
    select key from webhook_request
    where webhook_request.part = referral_request.part and webhook_request.key = referral_request.key
);

drop table webhook_request;
drop table referral_request;
