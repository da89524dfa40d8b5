using System.Collections.Immutable;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.OpenApi;

/// <summary>The description of the routes about routing.</summary>
internal static class RoutingDocs
{
    public static ImmutableArray<ProblemKind> Reading { get; } =
    [
        ProblemCatalogue.UnknownField, ProblemCatalogue.DuplicateField, ProblemCatalogue.InvalidValue, ProblemCatalogue.Unauthorized,
        ProblemCatalogue.Forbidden, ProblemCatalogue.InternalError, ProblemCatalogue.TemporarilyUnavailable, ProblemCatalogue.Overloaded,
    ];

    /// <summary>Of what takes a body and no idempotency key.</summary>
    public static ImmutableArray<ProblemKind> ReadingBody { get; } =
    [
        .. Reading, ProblemCatalogue.InvalidRequest, ProblemCatalogue.InvalidJson, ProblemCatalogue.MissingField, ProblemCatalogue.InvalidType,
        ProblemCatalogue.RequestTimeout, ProblemCatalogue.PayloadTooLarge, ProblemCatalogue.UnsupportedMediaType,
    ];

    public static OperationDoc ConfigureRouting { get; } = new("configureRouting", "Routing", "Say how a merchant's payments are routed", 200, "MerchantRouting")
    {
        Description = "Takes the place of the whole configuration and binds every payment that starts after the answer. Harmless when repeated.",
        Request = "ConfigureRouting",
        TakesIdempotencyKey = false,
        Problems = [.. ReadingBody, ProblemCatalogue.NotFound, ProblemCatalogue.UnknownConnector, ProblemCatalogue.InvalidState],
    };

    public static OperationDoc GetMerchantRouting { get; } = new("getMerchantRouting", "Routing", "Read how a merchant's payments are routed", 200, "MerchantRouting")
    {
        Description = "priority, by the connectors' own, as long as nobody configured anything.",
        Problems = Reading.Add(ProblemCatalogue.NotFound),
    };

    public static OperationDoc SimulateRouting { get; } = new("simulateRouting", "Routing", "Tell which way a payment would go, and why", 200, "RoutingPreview")
    {
        Description = "Takes what the creation of a payment takes, sends nothing and writes nothing. Under volume_split each request draws anew, as each payment does.",
        Request = "CreatePayment",
        TakesIdempotencyKey = false,
        Problems = [.. ReadingBody, ProblemCatalogue.InvalidCardNumber, ProblemCatalogue.NotSupported, ProblemCatalogue.MerchantNotFound],
    };

    public static OperationDoc GetPaymentRouting { get; } = new("getPaymentRouting", "Routing", "Explain the route of a payment", 200, "PaymentRouting")
    {
        Description = "The last decision with every candidate as it was known then. Null and empty for a payment that was never sent.",
        Problems = Reading.Add(ProblemCatalogue.NotFound),
    };
}
