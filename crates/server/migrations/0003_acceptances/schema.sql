create table terms_acceptance (
    part bigint not null,
    member bigint not null,
    version bigint not null,
    language text not null,
    accepted_at bigint not null,
    recorded_at bigint not null,
    primary key (part, member, version)
) narrow;
