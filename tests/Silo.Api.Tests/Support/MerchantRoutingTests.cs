namespace OrleansPayments.Silo.Api.Tests.Support;

/// <summary>A merchant whose routing is configured; <c>card-a</c> serves all, <c>card-b</c> only the merchant and <c>theirs</c> only another.</summary>
public abstract class MerchantRoutingTests : HeldPaymentTests
{
    protected string Path => $"/api/v1/merchants/{MerchantId}/routing";

    /// <summary>Two rules without a fault, then one that begins with these conditions.</summary>
    protected static string Rule(string third) => Rules(GoodRule, GoodRule, "{\"when\":" + third + "}");

    protected static string Rules(params string[] rules) => "{\"strategy\":\"rules\",\"rules\":[" + string.Join(',', rules) + "]}";

    protected const string GoodRule = """{"when":{"currency":["USD"]},"use":["card-a"]}""";

    protected Task<Answer> PutAsync(string body) => Host.SendAsync(HttpMethod.Put, Path, body);

    protected async Task ConnectorsAsync()
    {
        var (other, _) = await Host.NewMerchantAsync();
        string[] bodies =
        [
            Bodies.ConnectorNamed("card-a"), Bodies.With(Bodies.ConnectorNamed("card-b"), "merchant_id", $"\"{MerchantId}\""),
            Bodies.With(Bodies.ConnectorNamed("theirs"), "merchant_id", $"\"{other}\""),
        ];
        foreach (var body in bodies) Assert.Equal(201, (await Host.PostAsync("/api/v1/connectors", body)).Status);
    }
}
