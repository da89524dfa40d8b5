using System.Net;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>Who may see and do what.</summary>
[Collection(OneSilo.Name)]
public sealed class AccessTests(SystemFixture system)
{
    [Fact]
    public async Task Another_merchants_payment_does_not_exist()
    {
        using var shop = await system.OpenShopAsync();
        using var other = await system.OpenShopAsync();
        var id = (string)(await shop.PayAsync())["id"]!;

        JsonAssert.Problem(await other.Api.GetAsync("/payments/" + id), HttpStatusCode.NotFound, "not_found");
        (await shop.Api.GetAsync("/payments/" + id)).Expect(HttpStatusCode.OK);
        (await system.Silo.Admin.GetAsync("/payments/" + id)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_may_do_only_what_its_permissions_say()
    {
        using var shop = await system.OpenShopAsync();
        using var reader = await IssueAsync(shop, "payments:read");
        using var writer = await IssueAsync(shop, "payments:write");

        JsonAssert.Problem(await reader.PostAsync("/payments", Bodies.Payment()), HttpStatusCode.Forbidden, "forbidden");
        Assert.Empty(await system.Simulator.RequestsAsync(shop.Account));
        var id = (string)(await writer.PostAsync("/payments", Bodies.Payment())).Expect(HttpStatusCode.Created)["id"]!;
        (await reader.GetAsync("/payments/" + id)).Expect(HttpStatusCode.OK);
        (await reader.GetAsync("/payments")).Expect(HttpStatusCode.OK);
        JsonAssert.Problem(await writer.GetAsync("/payments/" + id), HttpStatusCode.Forbidden, "forbidden");
        JsonAssert.Problem(await writer.GetAsync("/payments"), HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_merchants_key_is_no_administrators()
    {
        using var shop = await system.OpenShopAsync();
        JsonAssert.Problem(await shop.Api.PostAsync("/merchants", Bodies.Merchant()), HttpStatusCode.Forbidden, "forbidden");
        JsonAssert.Problem(await shop.Api.GetAsync("/connectors"), HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_revoked_key_is_refused_right_after_the_answer()
    {
        using var shop = await system.OpenShopAsync();
        for (var round = 0; round < 10; round++)
        {
            var issued = (await system.Silo.Admin.PostAsync($"/merchants/{shop.MerchantId}/api_keys", Bodies.ApiKey("*"))).Expect(HttpStatusCode.Created);
            using var api = system.Silo.Admin.As((string)issued["key"]!);
            (await api.GetAsync("/payments")).Expect(HttpStatusCode.OK);
            (await system.Silo.Admin.DeleteAsync($"/merchants/{shop.MerchantId}/api_keys/{(string)issued["id"]!}")).Expect(HttpStatusCode.OK);

            JsonAssert.Problem(await api.PostAsync("/payments", Bodies.Payment()), HttpStatusCode.Unauthorized, "unauthorized");
            JsonAssert.Problem(await api.GetAsync("/payments"), HttpStatusCode.Unauthorized, "unauthorized");
        }

        Assert.Empty(await system.Simulator.RequestsAsync(shop.Account));
        (await shop.Api.GetAsync("/payments")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_a_key_or_with_a_wrong_one_nothing_is_served()
    {
        using var shop = await system.OpenShopAsync();

        // As long as a key, with a right id and a wrong secret.
        var forged = shop.Key[..^4] + (shop.Key.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA");
        foreach (var key in new[] { null, "sk_nonsense", SiloInProcess.AdminKey + "x", forged })
        {
            using var api = system.Silo.Admin.As(key);
            JsonAssert.Problem(await api.PostAsync("/payments", Bodies.Payment()), HttpStatusCode.Unauthorized, "unauthorized");
            JsonAssert.Problem(await api.GetAsync("/payments"), HttpStatusCode.Unauthorized, "unauthorized");
        }

        Assert.Empty(await system.Simulator.RequestsAsync(shop.Account));
    }

    private async Task<Api> IssueAsync(Shop shop, string permission)
    {
        var issued = await system.Silo.Admin.PostAsync($"/merchants/{shop.MerchantId}/api_keys", Bodies.ApiKey(permission));
        return system.Silo.Admin.As((string)issued.Expect(HttpStatusCode.Created)["key"]!);
    }
}
