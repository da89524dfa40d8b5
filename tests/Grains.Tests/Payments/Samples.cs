using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Payments;

internal static class Samples
{
    public static readonly PaymentId Id = PaymentId.Parse("pay_014d2pf2dbsqqg28t5cy4trzff");
    public static readonly MerchantId Merchant = MerchantId.Parse("mer_014d2pf2dbsqqg28t5cy4trzff");
    public static readonly ConnectorName CardA = ConnectorName.Parse("card-a");
    public static readonly Money Amount = Money.FromMinorUnits(1099, Currency.Parse("USD"));

    public static Money Usd(long minorUnits) => Money.FromMinorUnits(minorUnits, Amount.Currency);

    public static CreatePayment Command() => new(
        Merchant, Amount, new CardDetails("4242424242424242", 12, 2030, "123", "A Holder"), "order-1", null, "cus_1", null, null,
        ImmutableSortedDictionary<string, string>.Empty.Add("k", "v"), "203.0.113.7", "fingerprint");

    public static RoutingDecision Decision() => new("dec_1", "priority", [new RoutingCandidate("card-a", true, null, 1)]);
}
