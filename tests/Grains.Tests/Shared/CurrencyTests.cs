namespace OrleansPayments.Grains.Tests.Shared;

public sealed class CurrencyTests
{
    [Theory]
    [InlineData("JPY", 0)]
    [InlineData("USD", 2)]
    [InlineData("KWD", 3)]
    [InlineData("MGA", 2)]
    [InlineData("ISK", 0)]
    public void Exponents_are_those_of_ISO_4217(string code, int exponent) => Assert.Equal(exponent, Currency.Parse(code).Exponent);

    [Theory]
    [InlineData("usd")]
    [InlineData("US")]
    [InlineData("XXX")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("USD ")]
    public void What_is_no_currency_is_refused(string? code)
    {
        Assert.False(Currency.TryParse(code, out var currency));
        Assert.Throws<InvalidOperationException>(() => currency.Code);
    }
}
