using System.Collections.Immutable;

namespace OrleansPayments.Silo.Api.Problems;

/// <summary>
/// Every error that the API answers. 400 is for what the request alone shows to be wrong; 422 for a well-formed request that this installation, its present
/// state or the present time cannot accept. <c>docs/errors.md</c> is generated from this.
/// </summary>
internal static class ProblemCatalogue
{
    public static ProblemKind InvalidRequest { get; } = new(
        "invalid_request", 400, "The request is malformed",
        "The HTTP message itself is broken, for example a wrong chunk length. Nothing was done.");

    public static ProblemKind InvalidJson { get; } = new(
        "invalid_json", 400, "The body is not valid JSON",
        "The body must be one JSON object in UTF-8 without byte order mark, comments, trailing commas or anything behind it, nested at most 8 deep.");

    public static ProblemKind UnknownField { get; } = new(
        "unknown_field", 400, "The request has an unknown field",
        "Unknown body members and query parameters are refused and not ignored, so that a misspelt one does no harm. `param` names it.");

    public static ProblemKind DuplicateField { get; } = new(
        "duplicate_field", 400, "A field is given twice",
        "Send each body member and each query parameter once.");

    public static ProblemKind MissingField { get; } = new(
        "missing_field", 400, "A required field is missing",
        "Send the field that `param` names.");

    public static ProblemKind InvalidType { get; } = new(
        "invalid_type", 400, "A field has the wrong type",
        "Amounts and other integers are JSON numbers without fraction or exponent, never strings. `null` stands for absence and only where a field is optional.");

    public static ProblemKind InvalidValue { get; } = new(
        "invalid_value", 400, "A field has a value that is never accepted",
        "The value is of the right type but out of range, too long, of the wrong form or has control characters; `detail` says what is accepted.");

    public static ProblemKind InvalidCardNumber { get; } = new(
        "invalid_card_number", 400, "The card number is not valid",
        "A card number has 12 to 19 digits without spaces and passes the Luhn check. Let the payer enter it again.");

    public static ProblemKind InvalidIdempotencyKey { get; } = new(
        "invalid_idempotency_key", 400, "The Idempotency-Key header is not valid",
        "Send it once, with 1 to 255 printable ASCII characters.");

    public static ProblemKind Unauthorized { get; } = new(
        "unauthorized", 401, "Authentication is required",
        "Send `Authorization: Bearer <key>` with a key that exists and is not revoked.");

    public static ProblemKind InvalidSignature { get; } = new(
        "invalid_signature", 401, "The signature is not valid",
        "A callback must carry the provider's signature, made with the connector's webhook secret, and be recent. Nothing was done.");

    public static ProblemKind Forbidden { get; } = new(
        "forbidden", 403, "The key may not do this",
        "The key lacks the permission, the route is for administrators, or the request names another merchant.");

    public static ProblemKind MerchantSuspended { get; } = new(
        "merchant_suspended", 403, "The merchant is suspended",
        "It creates and confirms no payments until an administrator activates it; nothing was done. What ends existing payments goes on: captures, cancellations, "
        + "callbacks. A request that was accepted before is still answered as it was.");

    public static ProblemKind MerchantClosed { get; } = new(
        "merchant_closed", 403, "The merchant is closed",
        "It creates and confirms no payments any more; nothing was done. What ends existing payments goes on: captures, cancellations, callbacks. A request that was "
        + "accepted before is still answered as it was.");

    public static ProblemKind NotFound { get; } = new(
        "not_found", 404, "There is no such object",
        "The path or the object does not exist, or it belongs to another merchant.");

    public static ProblemKind MethodNotAllowed { get; } = new(
        "method_not_allowed", 405, "The method is not allowed here",
        "The `Allow` header lists the methods of this path.");

    public static ProblemKind RequestTimeout { get; } = new(
        "request_timeout", 408, "The request arrived too slowly",
        "Nothing was done; send it again.");

    public static ProblemKind IdempotencyInProgress { get; } = new(
        "idempotency_in_progress", 409, "The first request with this idempotency key is still running",
        "Send the same request with the same key again a little later: it answers what the first one did, and never has a second effect.");

    public static ProblemKind ConnectorExists { get; } = new(
        "connector_exists", 409, "A connector of this name exists",
        "Choose another name, and another idempotency key with it.");

    public static ProblemKind InvalidState { get; } = new(
        "invalid_state", 409, "The object is not in a state that allows this",
        "Read the object and decide again.");

    public static ProblemKind ConnectorDisabled { get; } = new(
        "connector_disabled", 409, "The payment's connector is disabled",
        "Nothing new begins at a disabled connector. What it holds can be cancelled; to capture it, an administrator sets the connector to `draining` or `enabled` first.");

    public static ProblemKind VersionConflict { get; } = new(
        "version_conflict", 409, "The object has changed",
        "The object has another `version` than the request said, so nothing was changed. Read it and decide again.");

    public static ProblemKind RotationInProgress { get; } = new(
        "rotation_in_progress", 409, "The master key is being exchanged already",
        "One rotation runs at a time. Ask again when it is finished; one that a lost database or a stop has interrupted goes on by itself.");

    public static ProblemKind MasterKeyConfigured { get; } = new(
        "master_key_configured", 409, "The master key is set by the configuration",
        "It can be exchanged only there: start the silo with the new key as `Encryption__MasterKey` and the present one as `Encryption__PreviousMasterKey`.");

    public static ProblemKind PayloadTooLarge { get; } = new(
        "payload_too_large", 413, "The body is too large",
        "A body has at most 64 KiB, a callback 256 KiB.");

    public static ProblemKind UnsupportedMediaType { get; } = new(
        "unsupported_media_type", 415, "The body is not plain JSON in UTF-8",
        "Send `Content-Type: application/json`, no other charset than utf-8 and no `Content-Encoding`.");

    public static ProblemKind IdempotencyMismatch { get; } = new(
        "idempotency_mismatch", 422, "The idempotency key was used with another body",
        "Use a new key for a new request. Answers that refused a request as malformed do not bind its key.");

    public static ProblemKind NotSupported { get; } = new(
        "not_supported", 422, "This release cannot do that",
        "The value of `param` is documented but not available yet. Nothing was done.");

    public static ProblemKind MerchantNotFound { get; } = new(
        "merchant_not_found", 422, "There is no such merchant",
        "Create the merchant first, or correct `merchant_id`.");

    public static ProblemKind CardExpired { get; } = new(
        "card_expired", 422, "The card has expired",
        "Nothing was sent. Let the payer use another card.");

    public static ProblemKind UnknownProvider { get; } = new(
        "unknown_provider", 422, "No provider of this name is built in",
        "`detail` lists the providers.");

    public static ProblemKind UnknownConnector { get; } = new(
        "unknown_connector", 422, "There is no such connector for the merchant",
        "`param` names the place. Create the connector first; one that serves another merchant only is unknown here.");

    public static ProblemKind InvalidCredentials { get; } = new(
        "invalid_credentials", 422, "The credentials do not suit the provider",
        "`detail` says which credential is missing or malformed. Nothing was sent to the provider.");

    public static ProblemKind AmountExceedsCapturable { get; } = new(
        "amount_exceeds_capturable", 422, "The amount is more than can be captured",
        "`detail` says how much is authorised and not captured yet. Nothing was sent. Leave `amount` out to capture all that is left.");

    public static ProblemKind CardRequired { get; } = new(
        "card_required", 422, "The card must be given again",
        "The card that the payment was created with is no longer kept. Send `payment_method` with the confirmation.");

    public static ProblemKind TooManyApiKeys { get; } = new(
        "too_many_api_keys", 422, "The merchant has as many API keys as it may",
        "Revoke one that is not used any more.");

    public static ProblemKind TooManyConnectors { get; } = new(
        "too_many_connectors", 422, "The installation has as many connectors as it may",
        "Use an existing connector.");

    public static ProblemKind TooManyReplays { get; } = new(
        "too_many_replays", 429, "As many replays of routing wait as may",
        "Nothing was queued. Wait until one of them has ended, or cancel one.");

    public static ProblemKind InternalError { get; } = new(
        "internal_error", 500, "Something went wrong on our side",
        "Whether the request had an effect is not known: repeat it with the same idempotency key. Quote `request_id` when you report it.");

    public static ProblemKind TemporarilyUnavailable { get; } = new(
        "temporarily_unavailable", 503, "The service cannot answer now",
        "Repeat the request with the same idempotency key after `Retry-After` seconds. Without a key, look whether it had an effect before you repeat it.");

    public static ProblemKind Overloaded { get; } = new(
        "overloaded", 503, "The service has more to do than it can",
        "Nothing was done. Repeat the request after `Retry-After` seconds, and less often.");

    /// <summary>By status, then as listed.</summary>
    public static ImmutableArray<ProblemKind> All { get; } =
    [
        InvalidRequest, InvalidJson, UnknownField, DuplicateField, MissingField, InvalidType, InvalidValue, InvalidCardNumber, InvalidIdempotencyKey,
        Unauthorized, InvalidSignature, Forbidden, MerchantSuspended, MerchantClosed, NotFound, MethodNotAllowed, RequestTimeout,
        IdempotencyInProgress, ConnectorExists, InvalidState, ConnectorDisabled, VersionConflict, RotationInProgress, MasterKeyConfigured,
        PayloadTooLarge, UnsupportedMediaType,
        IdempotencyMismatch, NotSupported, MerchantNotFound, CardExpired, UnknownProvider, UnknownConnector, InvalidCredentials,
        AmountExceedsCapturable, CardRequired, TooManyApiKeys, TooManyConnectors,
        TooManyReplays,
        InternalError, TemporarilyUnavailable, Overloaded,
    ];

    /// <summary>The row of a grain's refusal. A code without one does not compile.</summary>
    public static ProblemKind Of(RefusalCode code) => code switch
    {
        RefusalCode.NotFound => NotFound,
        RefusalCode.IdempotencyMismatch => IdempotencyMismatch,
        RefusalCode.IdempotencyInProgress => IdempotencyInProgress,
        RefusalCode.ConnectorExists => ConnectorExists,
        RefusalCode.UnknownProvider => UnknownProvider,
        RefusalCode.InvalidCredentials => InvalidCredentials,
        RefusalCode.InvalidState => InvalidState,
        RefusalCode.CardRequired => CardRequired,
        RefusalCode.TooManyApiKeys => TooManyApiKeys,
        RefusalCode.TooManyConnectors => TooManyConnectors,
        RefusalCode.AmountExceedsCapturable => AmountExceedsCapturable,
        RefusalCode.ConnectorDisabled => ConnectorDisabled,
        RefusalCode.VersionConflict => VersionConflict,
        RefusalCode.TooManyReplays => TooManyReplays,
    };

    /// <summary>For an answer that the server gives without a body of its own.</summary>
    public static ProblemKind OfStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Unauthorized,
        StatusCodes.Status403Forbidden => Forbidden,
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed => MethodNotAllowed,
        StatusCodes.Status408RequestTimeout => RequestTimeout,
        StatusCodes.Status413PayloadTooLarge => PayloadTooLarge,
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType,
        StatusCodes.Status503ServiceUnavailable => TemporarilyUnavailable,
        >= 500 => InternalError,
        _ => InvalidRequest,
    };
}
