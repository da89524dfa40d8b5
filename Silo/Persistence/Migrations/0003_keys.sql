-- Keys, all wrapped by a master key that is not in the database, and the cards that are encrypted with some of them. See docs/keys.md.

-- The master keys in use, by their ids. What is wrapped refers to one of them, so none can go while anything needs it.
CREATE TABLE payments.master_key (
    id            text        COLLATE "C" PRIMARY KEY CHECK (id ~ '^[0-9a-f]{16}$'),
    first_used_at timestamptz NOT NULL
);

CREATE TABLE payments.master_key_rotation (
    -- The new key. No reference: the record stays when the key is gone.
    master_key      text        COLLATE "C" PRIMARY KEY,
    -- The hash of scope, operation and key of the request that asked for it.
    idempotency_key text        COLLATE "C" UNIQUE,
    started_at      timestamptz NOT NULL,
    -- How many keys were wrapped anew so far; counted in the transactions that wrap them.
    rewrapped       bigint      NOT NULL DEFAULT 0,
    finished_at     timestamptz
);

-- The installation's data keys. A rotation wraps them anew and never changes them.
CREATE TABLE payments.key_ring (
    purpose     text        COLLATE "C" PRIMARY KEY,
    master_key  text        COLLATE "C" NOT NULL REFERENCES payments.master_key (id),
    wrapped_key bytea       NOT NULL,
    created_at  timestamptz NOT NULL
);

CREATE TABLE payments.card_vault (
    payment       text        COLLATE "C" PRIMARY KEY,
    master_key    text        COLLATE "C" NOT NULL REFERENCES payments.master_key (id),
    -- The card's own key.
    wrapped_key   bytea       NOT NULL,
    card          bytea       NOT NULL CHECK (octet_length(card) <= 4096),
    destroy_after timestamptz NOT NULL
);

CREATE INDEX card_vault_destroy_after ON payments.card_vault (destroy_after);
