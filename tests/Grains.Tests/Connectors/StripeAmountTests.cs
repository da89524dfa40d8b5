using OrleansPayments.Grains.Connectors.Stripe;

namespace OrleansPayments.Grains.Tests.Connectors;

public sealed class StripeAmountTests
{
    [Theory]
    [InlineData(1099, "USD", 1099L)]
    [InlineData(500, "JPY", 500L)]
    [InlineData(5, "ISK", 500L)]
    [InlineData(5, "UGX", 500L)]
    [InlineData(500, "MGA", 5L)]
    [InlineData(501, "MGA", null)]
    [InlineData(1230, "KWD", 1230L)]
    [InlineData(1234, "KWD", null)]
    [InlineData(long.MaxValue, "ISK", null)]
    public void Amounts_follow_Stripes_own_exponents(long minorUnits, string currency, long? expected)
    {
        var money = Money.FromMinorUnits(minorUnits, Currency.Parse(currency));
        Assert.Equal(expected is not null, StripeAmount.TryFrom(money, out var amount));
        if (expected is null) return;
        Assert.Equal(expected, amount);
        Assert.Equal(money, StripeAmount.ToMoney(amount, money.Currency));
    }
}
