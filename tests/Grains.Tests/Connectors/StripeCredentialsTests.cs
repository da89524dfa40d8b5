using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors.Stripe;

namespace OrleansPayments.Grains.Tests.Connectors;

public sealed class StripeCredentialsTests
{
    [Theory]
    [InlineData("https://api.example.com", true)]
    [InlineData("http://127.0.0.1:8090/stripe/a", true)]
    [InlineData("http://localhost:8090/stripe/a", true)]
    [InlineData("http://api.example.com", false)]
    [InlineData("ftp://127.0.0.1", false)]
    [InlineData("not a url", false)]
    [InlineData("https://user:pass@api.example.com", false)]
    [InlineData("https://api.example.com?x=1", false)]
    public void Card_numbers_travel_in_clear_only_to_this_machine(string url, bool accepted)
    {
        var refusal = StripeCredentials.Check(Credentials(("secret_key", "sk_test_a"), ("base_url", url)));
        Assert.Equal(accepted, refusal is null);
        if (!accepted) Assert.Equal((RefusalCode.InvalidCredentials, "/credentials/base_url"), (refusal!.Code, refusal.Param));
    }

    [Fact]
    public void The_secret_key_is_required() => Assert.Equal("/credentials/secret_key", StripeCredentials.Check(Credentials(("webhook_secret", "x")))!.Param);

    [Fact]
    public void Unknown_credentials_are_refused_and_no_value_is_quoted()
    {
        var refusal = StripeCredentials.Check(Credentials(("secret_key", "sk_test_a"), ("password", "hunter2")))!;
        Assert.Equal("/credentials/password", refusal.Param);
        Assert.DoesNotContain("hunter2", refusal.Detail, StringComparison.Ordinal);
    }

    private static ConnectorCredentials Credentials(params (string Name, string Value)[] values) =>
        new(values.ToImmutableSortedDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal));
}
