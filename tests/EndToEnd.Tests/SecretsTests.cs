using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using OrleansPayments.Silo.Hosting.PrivatePostgres;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>Card data, credentials and keys are searched for wherever the system leaves anything.</summary>
public sealed class SecretsTests
{
    // Unlike any other digits or words in the run.
    private const string CardNumber = "4929638105742917";

    // Of payments that are confirmed later, in vain or not: these rest in the vault.
    private const string KeptNumber = "4539578763621486";
    private const string ReplacingNumber = "5425233430109903";
    private const string HolderName = "Wilhelmina Quackenbush-Okonkwo";

    // Sent where no card number belongs, in addresses. The web server's own entries of a low level have those; the silo keeps such entries out of its log.
    private const string MisplacedNumber = "5436031030606378";
    private const string SecurityCode = "8264";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly string _account = "vault-" + RandomNumberGenerator.GetHexString(12, lowercase: true);
    private readonly List<string> _answers = [];
    private string _bankPage = "";
    private string _waiting = "";
    private string _confirmed = "";

    private string ConnectorSecret => "sk_test_" + _account;

    private string WebhookSecret => "whsec_" + _account;

    [Fact]
    public async Task No_secret_is_left_in_a_log_an_answer_the_database_or_a_file()
    {
        using var folder = new TemporaryFolder();
        using var log = new LogCapture();
        using var telemetry = new TelemetryCapture();
        await using var simulator = await Simulator.StartAsync(log: log.AddToLog);
        await using var database = await OwnDatabase.StartAsync();
        var masterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        string key;
        string dump;
        await using (var silo = await SiloInProcess.StartAsync(folder.Path, log.AddTo, [.. database.Settings, "--Encryption:MasterKey", masterKey]))
        {
            using var shop = await OpenShopAsync(silo, simulator);
            key = shop.Key;
            await RunPaymentsAsync(silo, simulator, shop);
            await RunLivesAsync(silo, simulator, shop);
            dump = await DumpAsync(database.Cluster);
        }

        var secrets = new SecretSearch()
            .For("the card number", CardNumber)
            .For("the kept card number", KeptNumber)
            .For("the replacing card number", ReplacingNumber)
            .For("the holder's name", HolderName)
            .For("the bank's page", _bankPage)
            .For("the connector's secret", ConnectorSecret)
            .For("the webhook secret", WebhookSecret)
            .For("the merchant's key", key)
            .For("the administrator's key", SiloInProcess.AdminKey)
            .For("the master key", masterKey);
        var logged = log.Entries.Select(entry => entry.Text).ToList();
        List<string> found =
        [
            .. secrets.In("the tables", dump),
            .. telemetry.Seen.SelectMany(seen => secrets.In("metrics and spans", seen)),
            .. log.Entries.SelectMany(entry => secrets.In($"a log entry of {entry.Category}", entry.Text)),
            .. _answers.SelectMany((answer, number) => secrets.In(string.Create(CultureInfo.InvariantCulture, $"answer {number}"), answer)),
        ];
        var misplaced = new SecretSearch().For("a misplaced card number", MisplacedNumber);
        found.AddRange(misplaced.In("the answers", string.Concat(_answers)));
        found.AddRange(log.Entries.Where(entry => entry.IsKeptByDefault).SelectMany(entry => misplaced.In($"a log entry of {entry.Category}", entry.Text)));
        foreach (var root in new[] { folder.Path, database.Cluster.Folder })
        {
            found.AddRange(await secrets.InFilesAsync(root));
        }

        Assert.True(found.Count == 0, string.Join("\n", found.Distinct(StringComparer.Ordinal)));
        AssertNoSecurityCode(string.Concat(logged), "the log");
        AssertNoSecurityCode(string.Concat(_answers), "the answers");
        AssertNoSecurityCode(dump, "the tables");
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))), dump, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("payments.card_vault (" + _waiting, dump, StringComparison.Ordinal);
        Assert.DoesNotContain("payments.card_vault (" + _confirmed, dump, StringComparison.Ordinal);
        Assert.Contains(telemetry.Seen, seen => seen.Contains("http.route", StringComparison.Ordinal));
        Assert.Contains(telemetry.Seen, seen => seen.StartsWith("OrleansPayments.", StringComparison.Ordinal));
        Assert.Contains(log.Entries, entry => entry.Text.Contains("/control/", StringComparison.Ordinal) && entry.Category.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
        await AssertSearchFindsAsync(log, dump, database.Cluster);
    }

    // Cards that wait in the vault, are taken out of it, are replaced, and come with what is validated, sent in numbers, told by the provider and resolved by people.
    private async Task RunLivesAsync(SiloInProcess silo, Simulator simulator, Shop shop)
    {
        await simulator.TellAsync(_account, silo.Address);
        _waiting = (string)(await KeepAsync(shop.Api.PostAsync("/payments", Unconfirmed("waiting")))).Expect(HttpStatusCode.Created)["id"]!;
        _confirmed = (string)(await KeepAsync(shop.Api.PostAsync("/payments", Unconfirmed("confirmed")))).Expect(HttpStatusCode.Created)["id"]!;
        (await KeepAsync(shop.Api.PostAsync($"/payments/{_confirmed}/confirm", new JsonObject()))).Expect(HttpStatusCode.OK);
        var replaced = (string)(await KeepAsync(shop.Api.PostAsync("/payments", Unconfirmed("replaced")))).Expect(HttpStatusCode.Created)["id"]!;
        var other = new JsonObject { ["payment_method"] = Named(ReplacingNumber, "x")["payment_method"]!.DeepClone() };
        (await KeepAsync(shop.Api.PostAsync($"/payments/{replaced}/confirm", other))).Expect(HttpStatusCode.OK);
        await KeepAsync(shop.Api.PostAsync($"/payments/{replaced}/confirm", other));

        // The bank's page has a secret of the charge in its address; here the charge's id stands for it.
        var acting = Bodies.Payment("4000002760003184");
        acting["return_url"] = "https://shop.example/";
        var page = (string)(await shop.PayAsync(acting))["next_action"]!["url"]!;
        _bankPage = page[page.IndexOf("/authenticate/", StringComparison.Ordinal)..];
        (await KeepAsync(shop.Api.PostAsync("/payments/validate", Named(KeptNumber, "validated")))).Expect(HttpStatusCode.OK);
        var many = new JsonObject { ["payments"] = new JsonArray(Named(KeptNumber, "one"), Named(CardNumber, "two"), Named("4929638105742918", KeptNumber)) };
        Assert.Equal(HttpStatusCode.MultiStatus, (await KeepAsync(shop.Api.PostAsync("/payments/batch", many))).Status);

        await KeepAsync(shop.Api.PostAsync($"/payments/{_waiting}/cancel", new JsonObject { ["reason"] = KeptNumber }));
        await KeepAsync(silo.Admin.PostAsync($"/payments/{_waiting}/resolve", new JsonObject { ["resolution"] = "captured", ["reason"] = KeptNumber }));
        foreach (var id in new[] { _waiting, _confirmed, replaced })
        {
            (await KeepAsync(shop.Api.GetAsync($"/payments/{id}/traces"))).Expect(HttpStatusCode.OK);
            await KeepAsync(shop.Api.GetAsync("/payments/" + id));
        }
    }

    private static JsonObject Unconfirmed(string order)
    {
        var body = Named(KeptNumber, order);
        body["confirm"] = false;
        return body;
    }

    private static JsonObject Named(string number, string order)
    {
        var body = Bodies.Payment(number, orderId: order);
        Bodies.CardOf(body)["cvc"] = SecurityCode;
        Bodies.CardOf(body)["holder_name"] = HolderName;
        return body;
    }

    private async Task<Shop> OpenShopAsync(SiloInProcess silo, Simulator simulator)
    {
        var shop = await Shop.OpenAsync(silo.Admin, simulator, _account, connector =>
        {
            connector["timeout_ms"] = 300;
            connector["inquiry"]!["first_after_ms"] = 100;

            // It goes on being sent to, however often it fails.
            connector["health"]!["min_calls"] = 10_000;
        });
        await KeepAsync(silo.Admin.GetAsync("/connectors"));
        await KeepAsync(silo.Admin.GetAsync("/connectors/" + _account));
        await KeepAsync(silo.Admin.GetAsync($"/merchants/{shop.MerchantId}/api_keys"));
        await KeepAsync(silo.Admin.GetAsync("/merchants/" + shop.MerchantId));

        // Refused, and yet the body had the secrets.
        await KeepAsync(silo.Admin.PostAsync("/connectors", Bodies.Connector(_account, simulator.Address, _account)));
        var misspelt = Bodies.Connector(_account + "-2", simulator.Address, _account);
        misspelt["credentials"]!["api_key"] = ConnectorSecret;
        await KeepAsync(silo.Admin.PostAsync("/connectors", misspelt));
        return shop;
    }

    // Every way that a payment can go, and requests that are refused at every stage.
    private async Task RunPaymentsAsync(SiloInProcess silo, Simulator simulator, Shop shop)
    {
        var number = 0;
        foreach (var fault in new[] { null, "decline", "timeout_after", "reset_before", "http_500", "malformed" })
        {
            if (fault is not null) await simulator.AddFaultAsync(_account, "create", fault);
            var order = string.Create(CultureInfo.InvariantCulture, $"order-{++number}");
            await KeepAsync(shop.Api.PostAsync("/payments", Payment(order), order));
            await KeepAsync(shop.Api.PostAsync("/payments", Payment(order), order));
            await KeepAsync(shop.Api.PostAsync("/payments", Payment("other"), order));
        }

        await simulator.AddFaultAsync(_account, "retrieve", "malformed", times: 2);
        await Eventually.TrueAsync("a captured order-3", Patience, async () =>
            (string)(await KeepAsync(shop.Api.GetAsync("/payments?merchant_order_id=order-3")))["data"]![0]!["status"]! == "captured");
        await KeepAsync(shop.Api.GetAsync("/payments"));

        var text = Payment("refused").ToJsonString();
        foreach (var broken in new[]
        {
            text[..^1],
            text.Replace("\"amount\":1099", "\"amount\":0", StringComparison.Ordinal),
            text.Replace("\"exp_month\":12", "\"exp_month\":13", StringComparison.Ordinal),
            text.Replace("\"exp_year\":2035", "\"exp_year\":2020", StringComparison.Ordinal),
            text.Replace("\"number\":", $"\"{CardNumber}\":1,\"number\":", StringComparison.Ordinal),
            text.Replace($"\"{CardNumber}\"", CardNumber, StringComparison.Ordinal),
            text.Replace($"\"{SecurityCode}\"", SecurityCode, StringComparison.Ordinal),
            text.Replace("\"refused\"", $"\"{CardNumber}\"", StringComparison.Ordinal),
        })
        {
            Assert.InRange((int)(await KeepAsync(shop.Api.PostTextAsync("/payments", broken))).Status, 400, 499);
        }

        await KeepAsync(shop.Api.GetAsync("/payments?card=" + MisplacedNumber));
        await KeepAsync(shop.Api.GetAsync($"/payments?{MisplacedNumber}=1"));
        await KeepAsync(shop.Api.GetAsync("/payments?customer_id=" + MisplacedNumber));
        await KeepAsync(shop.Api.GetAsync("/payments/" + MisplacedNumber));
        await KeepAsync(shop.Api.GetAsync("/" + MisplacedNumber));
        using var forged = silo.Admin.As(shop.Key + "x");
        await KeepAsync(forged.GetAsync("/payments"));
    }

    private static JsonObject Payment(string order)
    {
        var body = Bodies.Payment(CardNumber, orderId: order);
        Bodies.CardOf(body)["cvc"] = SecurityCode;
        return body;
    }

    private async Task<ApiAnswer> KeepAsync(Task<ApiAnswer> call)
    {
        var answer = await call;
        _answers.Add(answer.Text);
        return answer;
    }

    // Four digits may turn up by chance; as a field, or quoted, they may not. An answer may name the member of the request that is at fault.
    private static void AssertNoSecurityCode(string text, string where)
    {
        Assert.False(text.Contains($"\"{SecurityCode}\"", StringComparison.Ordinal), $"The security code is in {where}.");
        foreach (var name in new[] { "\"cvc\"", "\"cvv\"", "security_code", "SecurityCode" })
        {
            Assert.False(text.Contains(name, StringComparison.OrdinalIgnoreCase), $"{where} has a member {name}.");
        }
    }

    // A search that finds nothing anywhere proves nothing.
    private async Task AssertSearchFindsAsync(LogCapture log, string dump, PrivatePostgresCluster cluster)
    {
        Assert.True(log.Entries.Count > 500, "Hardly anything was logged.");
        var present = new SecretSearch().For("an order", "order-1");
        Assert.NotEmpty(present.In("the tables", dump));
        Assert.NotEmpty(present.In("the answers", string.Concat(_answers)));
        var holding = await present.InFilesAsync(cluster.Folder);
        Assert.Contains(holding, file => file.Contains("/pg_wal/", StringComparison.Ordinal));
        Assert.Contains(holding, file => file.Contains("/base/", StringComparison.Ordinal));
    }

    // All rows as text; and what is only in the server's memory goes to the files.
    private static async Task<string> DumpAsync(PrivatePostgresCluster cluster)
    {
        await using var superuser = NpgsqlDataSource.Create(cluster.SuperuserConnectionString);
        await using (var checkpoint = superuser.CreateCommand("CHECKPOINT")) await checkpoint.ExecuteNonQueryAsync();
        await using var source = NpgsqlDataSource.Create(cluster.ConnectionString);
        var tables = await ReadAsync(source, """
            SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
            """);
        Assert.NotEmpty(tables);
        var dump = new StringBuilder();
        foreach (var table in tables)
        {
            foreach (var row in await ReadAsync(source, $"SELECT r::text FROM {table} r")) dump.Append(table).Append(' ').Append(row).Append('\n');
        }

        return dump.ToString();
    }

    private static async Task<List<string>> ReadAsync(NpgsqlDataSource source, string sql)
    {
#pragma warning disable CA2100 // The names come from the catalogue, quoted by it.
        await using var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }
}
