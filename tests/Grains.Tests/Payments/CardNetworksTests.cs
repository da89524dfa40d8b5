using OrleansPayments.Grains.Payments;

namespace OrleansPayments.Grains.Tests.Payments;

public sealed class CardNetworksTests
{
    [Theory]
    [InlineData("4242424242424242", "visa")]
    [InlineData("5555555555554444", "mastercard")]
    [InlineData("2223003122003222", "mastercard")]
    [InlineData("2720990000000007", "mastercard")]
    [InlineData("2721000000000004", "unknown")]
    [InlineData("378282246310005", "amex")]
    [InlineData("6011111111111117", "discover")]
    [InlineData("3056930009020004", "diners")]
    [InlineData("36227206271667", "diners")]
    [InlineData("3566002020360505", "jcb")]
    [InlineData("6200000000000005", "unionpay")]
    [InlineData("9000000000000000", "unknown")]
    public void The_first_digits_tell_the_network(string number, string network) => Assert.Equal(network, CardNetworks.NetworkOf(number));
}
