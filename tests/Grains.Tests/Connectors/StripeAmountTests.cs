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
        Assert.True(StripeAmount.TryToMoney(amount, money.Currency, out var back));
        Assert.Equal(money, back);
    }

    [Theory]
    [InlineData(0, "USD", 0L)]
    [InlineData(1099, "USD", 1099L)]
    [InlineData(-1, "USD", null)]
    [InlineData(500, "ISK", 5L)]
    [InlineData(501, "ISK", null)]
    [InlineData(5, "MGA", 500L)]
    [InlineData(long.MaxValue, "USD", long.MaxValue)]
    [InlineData(long.MaxValue, "MGA", null)]
    [InlineData(long.MinValue, "MGA", null)]
    public void An_amount_that_the_currency_does_not_know_is_no_money(long amount, string currency, long? expected)
    {
        Assert.Equal(expected is not null, StripeAmount.TryToMoney(amount, Currency.Parse(currency), out var money));
        if (expected is not null) Assert.Equal(Money.FromMinorUnits(expected.Value, Currency.Parse(currency)), money);
    }
}
