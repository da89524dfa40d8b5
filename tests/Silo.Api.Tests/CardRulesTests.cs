using System.Globalization;
using OrleansPayments.Silo.Api.Payments;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>Cards, without anybody to ask.</summary>
public sealed class CardRulesTests
{
    // At noon UTC of the first the month ends in the last place on earth.
    [Theory]
    [InlineData("2026-05-31T23:59:59Z", false)]
    [InlineData("2026-06-01T11:59:59Z", false)]
    [InlineData("2026-06-01T12:00:00Z", true)]
    [InlineData("2026-06-01T20:00:00+14:00", false)]
    [InlineData("2027-01-01T00:00:00Z", true)]
    [InlineData("2025-12-01T00:00:00Z", false)]
    public void A_card_of_May_2026_is_good_until_May_is_over_everywhere(string now, bool expired) =>
        Assert.Equal(expired, CardRules.HasExpired(5, 2026, DateTimeOffset.Parse(now, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("4242424242424242", true)]
    [InlineData("378282246310005", true)]
    [InlineData("6304000000000000", true)]
    [InlineData("4222222222222", true)]
    [InlineData("4242424242424224", false)]
    [InlineData("٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", false)]
    [InlineData("", false)]
    public void A_number_has_a_right_check_digit(string number, bool valid) => Assert.Equal(valid, CardRules.IsNumber(number));

    [Theory]
    [InlineData("4242424242424242", true)]
    [InlineData("card 4242 4242 4242 4242 was lost", true)]
    [InlineData("4242-4242-4242-4242", true)]
    [InlineData("4242 - 4242 - 4242 - 4242", true)]
    [InlineData("4242\u00a04242\u20114242\u20134242", true)]
    [InlineData("x4242424242424242x", true)]
    [InlineData("12 4242 4242 4242 4242 12/30", true)]
    [InlineData("3782 822463 10005", true)]
    [InlineData("4222222222222", true)]
    [InlineData("6304000000000000000", true)]
    [InlineData("6304000000000000001", false)]
    [InlineData("4000000000000000006", true)]
    [InlineData("4242424242424241", false)]
    [InlineData("424242424242", false)]
    [InlineData("42424242424242424242", false)]
    [InlineData("4242.4242.4242.4242", false)]
    [InlineData("order 20260517-1200, 3 items of 25", false)]
    [InlineData("", false)]
    public void Free_text_may_have_a_card_number(string text, bool suspect) => Assert.Equal(suspect, CardRules.MayHaveNumber(text));
}
