using System.Net;
using System.Text.Json.Nodes;

namespace OrleansPayments.Testing.Support;

/// <summary>A merchant with a key of its own and a connector of its own to an account of its own at the simulator: a test's whole world.</summary>
public sealed class Shop : IDisposable
{
    private Shop(string account, string merchantId, string key, Api admin)
    {
        Account = account;
        MerchantId = merchantId;
        Key = key;
        Api = admin.As(key);
    }

    /// <summary>The name of the connector and of the simulator's account.</summary>
    public string Account { get; }

    public string MerchantId { get; }

    /// <summary>The merchant's API key.</summary>
    public string Key { get; }

    /// <summary>With the merchant's key.</summary>
    public Api Api { get; }

    /// <param name="connector">Changes the connector's body before it is sent.</param>
    public static async Task<Shop> OpenAsync(Api admin, Simulator simulator, string account, Action<JsonObject>? connector = null)
    {
        var merchant = (await admin.PostAsync("/merchants", Bodies.Merchant(account))).Expect(HttpStatusCode.Created);
        var merchantId = (string)merchant["id"]!;
        var key = (await admin.PostAsync($"/merchants/{merchantId}/api_keys", Bodies.ApiKey("*"))).Expect(HttpStatusCode.Created);
        var shop = new Shop(account, merchantId, (string)key["key"]!, admin);
        await shop.AddConnectorAsync(admin, simulator, account, connector);
        return shop;
    }

    /// <summary>One more connector of this merchant's own.</summary>
    /// <param name="account">The name of the connector and of the simulator's account.</param>
    public async Task AddConnectorAsync(Api admin, Simulator simulator, string account, Action<JsonObject>? connector = null)
    {
        var body = Bodies.Connector(account, simulator.Address, account);
        body["merchant_id"] = MerchantId;
        connector?.Invoke(body);
        (await admin.PostAsync("/connectors", body)).Expect(HttpStatusCode.Created);
    }

    /// <summary>A payment that must be accepted, whatever becomes of it.</summary>
    public async Task<JsonObject> PayAsync(JsonObject? body = null) => (await Api.PostAsync("/payments", body ?? Bodies.Payment())).Expect(HttpStatusCode.Created).Json;

    /// <summary>The payment once it has an outcome.</summary>
    public Task<JsonObject> OutcomeAsync(string paymentId, TimeSpan patience) => Eventually.GetAsync(
        $"an outcome of {paymentId}",
        patience,
        async () =>
        {
            var payment = (await Api.GetAsync("/payments/" + paymentId)).Expect(HttpStatusCode.OK).Json;
            return (string)payment["status"]! == "processing" ? null : payment;
        });

    public void Dispose() => Api.Dispose();
}
