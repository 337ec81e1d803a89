create table passkey (
    part bigint not null,
    mark bytes not null,
    staff bigint not null,
    name text not null,
    credential bytes not null,
    handle bytes not null,
    key bytes not null,
    counter bigint not null,
    synced bigint not null,
    relying_party text not null,
    created_at bigint not null,
    used_at bigint,
    primary key (part, mark)
);
create index passkey_staff on passkey (part, staff);

create table provider_identity (
    part bigint not null,
    mark bytes not null,
    staff bigint not null,
    issuer text not null,
    created_at bigint not null,
    used_at bigint not null,
    primary key (part, mark)
);
create unique index provider_identity_staff on provider_identity (part, staff, issuer);

create table entrance_challenge (
    part bigint not null,
    mark bytes not null,
    purpose text not null,
    staff bigint not null,
    next text not null,
    until bigint not null,
    primary key (part, mark)
);
create index entrance_challenge_until on entrance_challenge (part, until);
