create table signing_secret (
    part bigint not null,
    id text not null,
    name text not null,
    sealed bytes not null,
    created_at bigint not null,
    revoked_at bigint,
    primary key (part, id)
);

create table entry_token (
    part bigint not null,
    mark bytes not null,
    until bigint not null,
    primary key (part, mark)
);

create table sign_in_code (
    part bigint not null,
    ticket bytes not null,
    member bigint not null,
    address bytes not null,
    code bytes not null,
    made_at bigint not null,
    tries bigint not null,
    primary key (part, ticket, member)
);

create table sign_in_failure (
    part bigint not null,
    address bytes not null,
    day bigint not null,
    tries bigint not null,
    primary key (part, address, day)
);

create table member_session (
    part bigint not null,
    hash bytes not null,
    member bigint not null,
    created_at bigint not null,
    seen_at bigint not null,
    agent text not null,
    primary key (part, hash)
);
create index member_session_member on member_session (part, member);
create index member_session_seen on member_session (part, seen_at);

create table consent (
    part bigint not null,
    member bigint not null,
    purpose text not null,
    changed_at bigint not null,
    state text not null,
    primary key (part, member, purpose, changed_at)
);
