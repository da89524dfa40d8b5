using System.Collections.Immutable;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.OpenApi;

/// <summary>The description of every route.</summary>
internal static class OperationDocs
{
    private static readonly ImmutableArray<ProblemKind> Reading =
    [
        ProblemCatalogue.UnknownField, ProblemCatalogue.DuplicateField, ProblemCatalogue.InvalidValue, ProblemCatalogue.Unauthorized,
        ProblemCatalogue.Forbidden, ProblemCatalogue.InternalError, ProblemCatalogue.TemporarilyUnavailable, ProblemCatalogue.Overloaded,
    ];

    private static readonly ImmutableArray<ProblemKind> ReadingOne = Reading.Add(ProblemCatalogue.NotFound);

    private static readonly ImmutableArray<ProblemKind> Writing =
    [
        .. Reading, ProblemCatalogue.InvalidRequest, ProblemCatalogue.InvalidJson, ProblemCatalogue.MissingField, ProblemCatalogue.InvalidType,
        ProblemCatalogue.InvalidIdempotencyKey, ProblemCatalogue.RequestTimeout, ProblemCatalogue.PayloadTooLarge, ProblemCatalogue.UnsupportedMediaType,
        ProblemCatalogue.IdempotencyInProgress, ProblemCatalogue.IdempotencyMismatch,
    ];

    private static readonly ImmutableArray<ProblemKind> OnPayment = [.. Writing, ProblemCatalogue.NotFound, ProblemCatalogue.InvalidState];

    private static readonly ImmutableArray<QueryParameterDoc> Pages =
    [
        new(Paging.Limit, "How many elements the page has at most.", Schemas.Integer(1, Paging.MaxLimit, Paging.DefaultLimit)),
        new(Paging.StartingAfter, "The last id of the page before.", Schemas.Text(1, Paging.MaxIdLength)),
    ];

    private static readonly ImmutableArray<QueryParameterDoc> PaymentFilters =
    [
        new("status", "Payments in this status.", Schemas.OneOf(PaymentListReader.Statuses.Keys.Order(StringComparer.Ordinal))),
        new("connector", "Payments whose last attempt went to this connector.", Schemas.ConnectorName()),
        new("merchant_id", "Payments of this merchant; for administrators, or the key's own merchant.", Schemas.Id("mer_")),
        new("customer_id", "Payments of this customer.", Schemas.Text(1, PaymentRequest.MaxIdLength)),
        new("merchant_order_id", "Payments for this order.", Schemas.Text(1, PaymentRequest.MaxIdLength)),
        new("created_after", "Payments created later than this.", Schemas.Time()),
        new("created_before", "Payments created earlier than this.", Schemas.Time()),
    ];

    public static OperationDoc GetHealth { get; } = new("getHealth", "Operation", "Tell whether the process is up", 200, "Health") { IsAuthenticated = false };

    public static OperationDoc GetReadiness { get; } = new("getReadiness", "Operation", "Tell whether payments can be taken", 200, "Readiness")
    {
        IsAuthenticated = false,
        Alternative = (503, "Payments cannot be taken; the reasons say why.", "Readiness"),
    };

    public static OperationDoc CreateMerchant { get; } = new("createMerchant", "Merchants", "Create a merchant", 201, "Merchant")
    {
        Request = "CreateMerchant",
        Problems = Writing,
    };

    public static OperationDoc GetMerchant { get; } = new("getMerchant", "Merchants", "Read a merchant", 200, "Merchant") { Problems = ReadingOne };

    public static OperationDoc CreateApiKey { get; } = new("createApiKey", "API keys", "Issue an API key", 201, "IssuedApiKey")
    {
        Description = "The key itself is shown in this answer only, and again when the request is repeated with its idempotency key.",
        Request = "CreateApiKey",
        Problems = [.. Writing, ProblemCatalogue.NotFound, ProblemCatalogue.TooManyApiKeys, ProblemCatalogue.InvalidState],
    };

    public static OperationDoc ListApiKeys { get; } = new("listApiKeys", "API keys", "List the API keys of a merchant, newest first", 200, "ApiKeyList")
    {
        Description = "Revoked keys are listed too.",
        Query = Pages,
        Problems = ReadingOne,
    };

    public static OperationDoc RevokeApiKey { get; } = new("revokeApiKey", "API keys", "Revoke an API key", 200, "ApiKey")
    {
        Description = "The key is refused from the moment of the answer on. Harmless when repeated.",
        Problems = ReadingOne,
    };

    public static OperationDoc CreateConnector { get; } = new("createConnector", "Connectors", "Create a connector", 201, "Connector")
    {
        Description = "Binds every payment that starts after the answer. Credentials are never returned.",
        Request = "CreateConnector",
        Problems =
        [
            .. Writing, ProblemCatalogue.ConnectorExists, ProblemCatalogue.UnknownProvider, ProblemCatalogue.InvalidCredentials,
            ProblemCatalogue.MerchantNotFound, ProblemCatalogue.TooManyConnectors,
        ],
    };

    public static OperationDoc ListConnectors { get; } = new("listConnectors", "Connectors", "List the connectors, newest first", 200, "ConnectorList")
    {
        Query = Pages,
        Problems = Reading,
    };

    public static OperationDoc GetConnector { get; } = new("getConnector", "Connectors", "Read a connector", 200, "Connector") { Problems = ReadingOne };

    public static OperationDoc UpdateConnector { get; } = new("updateConnector", "Connectors", "Change a connector", 200, "Connector")
    {
        Description = "Changes what is given and leaves the rest: objects are merged member by member, lists and credentials are replaced. Binds every payment that starts after "
            + "the answer; attempts under way go on as they began. With version, only if the connector still has it.",
        Request = "UpdateConnector",
        TakesIdempotencyKey = false,
        Problems =
        [
            .. ReadingOne, ProblemCatalogue.InvalidRequest, ProblemCatalogue.InvalidJson, ProblemCatalogue.MissingField, ProblemCatalogue.InvalidType,
            ProblemCatalogue.RequestTimeout, ProblemCatalogue.PayloadTooLarge, ProblemCatalogue.UnsupportedMediaType, ProblemCatalogue.VersionConflict,
            ProblemCatalogue.InvalidCredentials, ProblemCatalogue.UnknownProvider,
        ],
    };

    public static OperationDoc GetConnectorHealth { get; } = new("getConnectorHealth", "Connectors", "Read how a connector's charges fare", 200, "ConnectorHealth")
    {
        Description = "Counts the charges of the past health.window_seconds. Declines are technical successes: they lower the authorisation rate and never open the circuit. "
            + "Events are the circuit's last changes, newest first; one that flaps is recorded once in max(open_seconds, 60) seconds at the most.",
        Problems = ReadingOne,
    };

    public static OperationDoc CreatePayment { get; } = new("createPayment", "Payments", "Create a payment and take the money, or hold it", 201, "Payment")
    {
        Description = "A payment that is declined or whose outcome is not known yet is no error: see status and last_error. "
            + "A caller that goes away does not cancel the payment.",
        Request = "CreatePayment",
        Problems =
        [
            .. Writing, ProblemCatalogue.InvalidCardNumber, ProblemCatalogue.CardExpired, ProblemCatalogue.NotSupported, ProblemCatalogue.MerchantNotFound,
            ProblemCatalogue.MerchantSuspended, ProblemCatalogue.MerchantClosed,
        ],
    };

    public static OperationDoc CreatePaymentBatch { get; } = new("createPaymentBatch", "Payments", "Create up to 100 payments", 207, "PaymentBatch")
    {
        Description = "One result for each payment, in their order: what the payment alone would have been answered with. A payment that is refused does not hinder the "
            + "others. The idempotency key stands for the batch: sent again, each payment is answered again, or refused if it is another. "
            + "Idempotent-Replayed is only sent when all were answered again; each result says so for itself.",
        Request = "CreatePaymentBatch",
        Problems = Writing,
    };

    public static OperationDoc ValidatePayment { get; } = new("validatePayment", "Payments", "Tell what would become of a payment", 200, "PaymentValidation")
    {
        Description = "Takes what the creation of a payment takes, sends nothing and writes nothing. Answers everything that is found to be wrong, and the route.",
        Request = "CreatePayment",
        TakesIdempotencyKey = false,
        Problems =
        [
            .. Reading, ProblemCatalogue.InvalidRequest, ProblemCatalogue.InvalidJson, ProblemCatalogue.InvalidType, ProblemCatalogue.RequestTimeout,
            ProblemCatalogue.PayloadTooLarge, ProblemCatalogue.UnsupportedMediaType,
        ],
    };

    public static OperationDoc ConfirmPayment { get; } = new("confirmPayment", "Payments", "Confirm a payment that was only created", 200, "Payment")
    {
        Description = "Sends what was created with confirm: false, and answers as the creation of a payment does. Without a body, the card of the creation is used, without its "
            + "security code, as long as it is kept.",
        Request = "ConfirmPayment",
        IsRequestOptional = true,
        Problems =
        [
            .. OnPayment, ProblemCatalogue.InvalidCardNumber, ProblemCatalogue.CardExpired, ProblemCatalogue.CardRequired, ProblemCatalogue.NotSupported,
            ProblemCatalogue.MerchantSuspended, ProblemCatalogue.MerchantClosed,
        ],
    };

    public static OperationDoc CapturePayment { get; } = new("capturePayment", "Payments", "Capture an authorised payment, whole or in part", 200, "Payment")
    {
        Description = "Without a body or an amount, all that is left is captured. A capture that the connector refuses leaves the payment as it was and says why in "
            + "last_error; one whose outcome is not known yet is answered as processing and asked after. A caller that goes away does not cut it short.",
        Request = "CapturePayment",
        IsRequestOptional = true,
        Problems = [.. OnPayment, ProblemCatalogue.AmountExceedsCapturable, ProblemCatalogue.ConnectorDisabled],
    };

    public static OperationDoc CancelPayment { get; } = new("cancelPayment", "Payments", "Cancel an authorised payment", 200, "Payment")
    {
        Description = "Releases the money that is held, as long as none of it is captured. Otherwise answered as a capture is.",
        Request = "CancelPayment",
        IsRequestOptional = true,
        Problems = OnPayment,
    };

    public static OperationDoc ResolvePayment { get; } = new("resolvePayment", "Work items", "Say what became of a payment that nobody could find out about", 200, "Payment")
    {
        Description = "For administrators, and for payments with a work_item, which lists what can be said. Ask the provider first: the payment then counts as ended so.",
        Request = "ResolvePayment",
        Problems = OnPayment,
    };

    public static OperationDoc TakeCallback { get; } = new("takeCallback", "Callbacks", "Take in a provider's message", 200, "Callback")
    {
        Description = "For providers: proven by the signature that the connector's webhook secret makes, over the body as it comes, of at most 256 KiB. "
            + "Answered 200 once its effect is durable; harmless when it comes again.",
        IsAuthenticated = false,
        TakesIdempotencyKey = false,
        ForeignRequest = "As the provider sends it.",
        Problems =
        [
            ProblemCatalogue.InvalidRequest, ProblemCatalogue.InvalidSignature, ProblemCatalogue.NotFound, ProblemCatalogue.RequestTimeout,
            ProblemCatalogue.PayloadTooLarge, ProblemCatalogue.InternalError, ProblemCatalogue.TemporarilyUnavailable, ProblemCatalogue.Overloaded,
        ],
    };

    public static OperationDoc ReturnToMerchant { get; } = new("returnToMerchant", "Payments", "Send a payer's browser on to the merchant's return URL", 303, null)
    {
        Description = "Where providers send the payer's browser back to. A payment that requires_action is asked after first. The return URL gets payment_id and status "
            + "in its query; a merchant decides by reading the payment, not by them. Any query is ignored.",
        IsAuthenticated = false,
        Problems = [ProblemCatalogue.NotFound, ProblemCatalogue.InternalError, ProblemCatalogue.TemporarilyUnavailable],
    };

    public static OperationDoc GetPayment { get; } = new("getPayment", "Payments", "Read a payment", 200, "Payment")
    {
        Query =
        [
            new("sync", "Asks the connector first when the outcome of the payment is not known. A payment whose outcome is unknown is asked after in any case; this does it now.", Schemas.Boolean(false)),
        ],
        Problems = ReadingOne,
    };

    public static OperationDoc ListPaymentTraces { get; } = new("listPaymentTraces", "Payments", "List what happened to a payment, oldest first", 200, "PaymentTraces")
    {
        Description = "Requests to connectors and their answers are shown masked: without card numbers, security codes and secrets.",
        Problems = ReadingOne,
    };

    public static OperationDoc ListWorkItems { get; } = new("listWorkItems", "Work items", "List what waits for a person", 200, "WorkItemList")
    {
        Description = "For administrators: payments whose connector gave no answer that decides, the newest payment first. Find out what became of one, then resolve it.",
        Query =
        [
            new("merchant_id", "Payments of this merchant.", Schemas.Id("mer_")),
            new("reason", "Payments that wait for this reason.", Schemas.Text(1, PaymentListReader.MaxReasonLength)),
            .. Pages,
        ],
        Problems = Reading,
    };

    public static OperationDoc RotateMasterKey { get; } = new("rotateMasterKey", "Operation", "Exchange the master key", 200, "MasterKey")
    {
        Description = "Makes a new master key in the key file, wraps every key by it, those of stored cards among them, and drops the old one. Answered when nothing "
            + "is left to do; payments go on meanwhile. A caller that goes away does not break it off.",
        Request = "RotateMasterKey",
        IsRequestOptional = true,
        Problems = [.. Writing, ProblemCatalogue.RotationInProgress, ProblemCatalogue.MasterKeyConfigured],
    };

    public static OperationDoc ListPayments { get; } = new("listPayments", "Payments", "List payments, newest first", 200, "PaymentList")
    {
        Description = "Administrators list the payments of all merchants, merchants their own.",
        Query = [.. PaymentFilters, .. Pages],
        Problems = Reading,
    };
}
