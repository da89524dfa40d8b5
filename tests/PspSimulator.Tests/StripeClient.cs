using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace OrleansPayments.PspSimulator.Tests;

/// <summary>A caller of one account, written from the protocol's documentation, and of its control endpoints.</summary>
public sealed class StripeClient : IDisposable
{
    public const string Visa = "4242424242424242";

    private readonly HttpClient _http;

    public StripeClient(Uri address, string account)
    {
        Account = account;
        _http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8 }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(10) };
    }

    public string Account { get; }

    public string Intents => $"/stripe/{Account}/v1/payment_intents";

    public string Api => $"/stripe/{Account}/v1";

    /// <summary>The fields of a create call that reserves money, in several parts if asked.</summary>
    public static Dictionary<string, string> Authorization(long amount = 1099, bool multicapture = false, string number = Visa, string? attempt = null)
    {
        var fields = Charge(number, amount, attempt: attempt);
        fields["capture_method"] = "manual";
        if (multicapture) fields["payment_method_options[card][request_multicapture]"] = "if_available";
        return fields;
    }

    /// <summary>The fields of a create call that charges a card at once.</summary>
    public static Dictionary<string, string> Charge(string number = Visa, long amount = 1099, string currency = "usd", string? attempt = null)
    {
        var fields = new Dictionary<string, string>
        {
            ["amount"] = amount.ToString(CultureInfo.InvariantCulture),
            ["currency"] = currency,
            ["confirm"] = "true",
            ["payment_method_types[]"] = "card",
            ["payment_method_data[type]"] = "card",
            ["payment_method_data[card][number]"] = number,
            ["payment_method_data[card][exp_month]"] = "12",
            ["payment_method_data[card][exp_year]"] = "2040",
            ["payment_method_data[card][cvc]"] = "123",
            ["payment_method_data[billing_details][name]"] = "Ann Müller & Co + Söhne",
        };
        if (attempt is not null)
        {
            fields["metadata[attempt]"] = attempt;
            fields["metadata[payment_id]"] = "pay_of_" + attempt;
        }

        return fields;
    }

    public async Task<Reply> PostAsync(
        string path, IEnumerable<KeyValuePair<string, string>> fields, string? key = null, AuthenticationHeaderValue? authorization = null, CancellationToken cancel = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Authorization = authorization ?? new("Bearer", "sk_test_" + Account);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await SendAsync(request, cancel);
    }

    public Task<Reply> CreateAsync(IEnumerable<KeyValuePair<string, string>> fields, string? key = null, CancellationToken cancel = default) =>
        PostAsync(Intents, fields, key, cancel: cancel);

    /// <summary>Creates an intent that must succeed, and returns its id.</summary>
    public async Task<string> CreatedAsync(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var reply = await CreateAsync(fields);
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        return reply.Text("id")!;
    }

    /// <summary>Posts to an intent; <paramref name="fields"/> such as <c>amount_to_capture=500&amp;final_capture=false</c>.</summary>
    public Task<Reply> ActAsync(string id, string action, string fields = "", string? key = null, CancellationToken cancel = default) =>
        PostAsync($"{Intents}/{id}/{action}", Pairs(fields), key, cancel: cancel);

    public Task<Reply> RefundAsync(string fields, string? key = null, CancellationToken cancel = default) =>
        PostAsync($"{Api}/refunds", Pairs(fields), key, cancel: cancel);

    /// <summary>An intent as it is now, its charge in full.</summary>
    public Task<Reply> IntentAsync(string id) => GetAsync($"{Intents}/{id}?expand[]=latest_charge");

    /// <summary>The one charge of the account's book as <c>status amount captured refunded</c>.</summary>
    public async Task<string> BookAsync()
    {
        var charge = Assert.Single(await ChargesAsync());
        return $"{charge.GetProperty("status")} {charge.GetProperty("amount")} {charge.GetProperty("amount_captured")} {charge.GetProperty("amount_refunded")}";
    }

    /// <summary>A create call with exactly this body and, if given, one more header line.</summary>
    public async Task<Reply> SendRawAsync(string body, string contentType = "application/x-www-form-urlencoded", string? headers = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Intents) { Content = new StringContent(body, Encoding.UTF8, contentType) };
        request.Headers.Authorization = new("Bearer", "sk_test_" + Account);
        if (headers?.Split(": ") is [var name, var value]) request.Headers.TryAddWithoutValidation(name, value);
        return await SendAsync(request, CancellationToken.None);
    }

    public async Task<Reply> GetAsync(string path, CancellationToken cancel = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", "sk_test_" + Account);
        return await SendAsync(request, cancel);
    }

    public Task<Reply> SearchAsync(string query) => GetAsync($"{Intents}/search?query={Uri.EscapeDataString(query)}");

    public async Task<Reply> ControlAsync(string path, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/control/{Account}/{path}") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        return await SendAsync(request, CancellationToken.None);
    }

    public async Task InjectAsync(string operation, string kind, int times = 1, int delayMs = 0, string? code = null)
    {
        var reply = await ControlAsync("faults", $$"""{"operation":"{{operation}}","kind":"{{kind}}","times":{{times}},"delay_ms":{{delayMs}}{{(code is null ? "" : $",\"code\":\"{code}\"")}}}""");
        Assert.Equal(HttpStatusCode.Created, reply.Status);
    }

    public async Task<Reply> DeleteAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        request.Headers.Authorization = new("Bearer", "sk_test_" + Account);
        return await SendAsync(request, CancellationToken.None);
    }

    /// <summary>A control call that must succeed; the <c>count</c> of its answer, 0 if it has none.</summary>
    public async Task<int> SteerAsync(string path, string json)
    {
        var reply = await ControlAsync(path, json);
        Assert.True(reply.Status is HttpStatusCode.OK or HttpStatusCode.Created, reply.Body);
        return reply.Json.TryGetProperty("count", out var count) ? count.GetInt32() : 0;
    }

    public async Task<JsonElement[]> ControlListAsync(string path)
    {
        var reply = await GetAsync($"/control/{Account}/{path}");
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        return [.. reply.Json.GetProperty("data").EnumerateArray()];
    }

    public Task<JsonElement[]> ChargesAsync() => ControlListAsync("charges");

    public Task<JsonElement[]> RequestsAsync() => ControlListAsync("requests");

    public void Dispose() => _http.Dispose();

    private async Task<Reply> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        using var response = await _http.SendAsync(request, cancel);
        return new Reply(response.StatusCode, response.Headers, await response.Content.ReadAsStringAsync(cancel));
    }

    private static IEnumerable<KeyValuePair<string, string>> Pairs(string fields) =>
        fields.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(static pair => KeyValuePair.Create(pair[..pair.IndexOf('=', StringComparison.Ordinal)], pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]));
}
