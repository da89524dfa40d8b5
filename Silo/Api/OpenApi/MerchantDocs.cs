using System.Collections.Immutable;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.OpenApi;

/// <summary>The description of the routes about a merchant's life.</summary>
internal static class MerchantDocs
{
    private static readonly ImmutableArray<ProblemKind> Changing = [.. RoutingDocs.ReadingBody, ProblemCatalogue.NotFound, ProblemCatalogue.InvalidState];

    private static readonly ImmutableArray<ProblemKind> Standing =
        [.. Changing, ProblemCatalogue.InvalidIdempotencyKey, ProblemCatalogue.IdempotencyInProgress, ProblemCatalogue.IdempotencyMismatch];

    public static OperationDoc Update { get; } = new("updateMerchant", "Merchants", "Change a merchant", 200, "Merchant")
    {
        Description = "What is left out stays as it is. Harmless when repeated.",
        Request = "UpdateMerchant",
        TakesIdempotencyKey = false,
        Problems = Changing,
    };

    public static OperationDoc Suspend { get; } = Stand(
        "suspendMerchant", "Suspend a merchant",
        "No payment of the merchant is created or confirmed that is asked for after the answer (merchant_suspended). Captures, cancellations, callbacks and inquiries of "
        + "existing payments go on, and so does reading. Harmless when repeated.");

    public static OperationDoc Activate { get; } = Stand("activateMerchant", "Activate a suspended merchant", "Harmless when repeated.");

    public static OperationDoc Close { get; } = Stand(
        "closeMerchant", "Close a merchant for ever",
        "As suspended (merchant_closed), and nothing leads back. No keys are issued and nothing is configured any more. Harmless when repeated.");

    public static OperationDoc GetHealth { get; } = new("getMerchantHealth", "Merchants", "Read how a merchant's payments fare", 200, "MerchantHealth")
    {
        Description = "Counts each payment once, at its first outcome, over the past hour: the oldest three minutes are forgotten at once, so 57 to 60 minutes count. Kept in "
            + "memory: after a restart, or an hour without a payment, it begins anew at counting_since.",
        Problems = RoutingDocs.Reading.Add(ProblemCatalogue.NotFound),
    };

    private static OperationDoc Stand(string id, string summary, string description) => new(id, "Merchants", summary, 200, "Merchant")
    {
        Description = description,
        Request = "ChangeMerchantStatus",
        IsRequestOptional = true,
        Problems = Standing,
    };
}
