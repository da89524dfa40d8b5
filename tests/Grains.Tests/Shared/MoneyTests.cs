namespace OrleansPayments.Grains.Tests.Shared;

public sealed class MoneyTests
{
    private static readonly Currency Usd = Currency.Parse("USD");
    private static readonly Currency Jpy = Currency.Parse("JPY");

    [Theory]
    [InlineData(1099, "USD", "10.99 USD")]
    [InlineData(5, "USD", "0.05 USD")]
    [InlineData(-5, "USD", "-0.05 USD")]
    [InlineData(1099, "JPY", "1099 JPY")]
    [InlineData(1099, "KWD", "1.099 KWD")]
    [InlineData(long.MinValue, "USD", "-92233720368547758.08 USD")]
    public void Text_shows_the_decimals_of_the_currency(long minorUnits, string currency, string text) =>
        Assert.Equal(text, Money.FromMinorUnits(minorUnits, Currency.Parse(currency)).ToString());

    [Fact]
    public void Sums_and_differences_of_one_currency_are_exact()
    {
        var left = Money.FromMinorUnits(1099, Usd);
        var right = Money.FromMinorUnits(901, Usd);
        Assert.Equal(2000, (left + right).MinorUnits);
        Assert.Equal(198, (left - right).MinorUnits);
    }

    [Fact]
    public void Currencies_do_not_mix() =>
        Assert.Throws<InvalidOperationException>(() => Money.FromMinorUnits(1, Usd) + Money.FromMinorUnits(1, Jpy));

    [Fact]
    public void A_sum_that_does_not_fit_throws() =>
        Assert.Throws<OverflowException>(() => Money.FromMinorUnits(long.MaxValue, Usd) + Money.FromMinorUnits(1, Usd));

    [Fact]
    public void The_default_money_has_no_currency()
    {
        Assert.Throws<InvalidOperationException>(() => default(Money).Currency.Code);
        Assert.Throws<InvalidOperationException>(() => default(Money) + default(Money));
        Assert.Throws<InvalidOperationException>(() => Money.FromMinorUnits(1, default));
    }
}
