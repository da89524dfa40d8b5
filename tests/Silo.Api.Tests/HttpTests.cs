using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>The protocol around the bodies.</summary>
public sealed class HttpTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Merchants = "/api/v1/merchants";

    private static readonly (string, string) Admin = ("Authorization", "Bearer " + ApiHost.AdminKeyText);

    [Theory]
    [InlineData("application/json", 201)]
    [InlineData("application/json; charset=utf-8", 201)]
    [InlineData("application/json;charset=\"UTF-8\"", 201)]
    [InlineData("Application/JSON", 201)]
    [InlineData("application/json; charset=iso-8859-1", 415)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("application/problem+json", 415)]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("json", 415)]
    [InlineData(null, 415)]
    public async Task Only_JSON_in_UTF8_is_read(string? contentType, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Merchants) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Bodies.Merchant)) };
        if (contentType is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ApiHost.AdminKeyText);
        var answer = await host.SendAsync(request);
        Assert.Equal(status, answer.Status);
        if (status == 415) Assert.Equal("unsupported_media_type", answer.Code);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("identity")]
    public async Task An_encoded_body_is_refused(string encoding)
    {
        var answer = await RawHttp.SendAsync(host, "POST", Merchants, Bodies.Merchant, Admin, ("Content-Encoding", encoding));
        Assert.StartsWith("HTTP/1.1 415", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    public async Task A_body_that_is_not_UTF8_is_refused(byte[] bytes)
    {
        byte[] body = [.. "{\"name\":\""u8, .. bytes, .. "\",\"country\":\"SG\",\"default_currency\":\"USD\"}"u8];
        var answer = await RawHttp.SendAsync(host, RawHttp.Request("POST", Merchants, body, Admin, ("Connection", "close")));
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("invalid_json", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_is_refused()
    {
        byte[] body = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Bodies.Merchant)];
        var answer = await RawHttp.SendAsync(host, RawHttp.Request("POST", Merchants, body, Admin, ("Connection", "close")));
        Assert.Contains("invalid_json", answer, StringComparison.Ordinal);
        Assert.Contains("byte order mark", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_may_have_64_KiB_and_no_more()
    {
        var room = RequestBody.MaxLength - Bodies.Merchant.Length;
        Assert.Equal(201, (await host.PostAsync(Merchants, Bodies.Merchant + new string(' ', room))).Status);
        var answer = await RawHttp.SendAsync(host, "POST", Merchants, Bodies.Merchant + new string(' ', room + 1), Admin);
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("payload_too_large", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 201)]
    [InlineData(70_000, 413)]
    public async Task A_chunked_body_has_the_same_bound(int padding, int status)
    {
        var body = Bodies.Merchant + new string(' ', padding);
        var chunked = $"{body.Length:x}\r\n{body}\r\n0\r\n\r\n";
        var answer = await RawHttp.SendAsync(
            host, RawHttp.Request("POST", Merchants, Encoding.UTF8.GetBytes(chunked), Admin, ("Transfer-Encoding", "chunked"), ("Connection", "close")));
        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_chunk_is_a_malformed_request()
    {
        var answer = await RawHttp.SendAsync(
            host, RawHttp.Request("POST", Merchants, "zz\r\n{}\r\n0\r\n\r\n"u8.ToArray(), Admin, ("Transfer-Encoding", "chunked"), ("Connection", "close")));
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("invalid_request", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/nothing")]
    [InlineData("GET", "/api/v1/refunds/ref_1")]
    [InlineData("POST", "/api/v2/payments")]
    public async Task An_unknown_route_is_a_problem(string method, string path)
    {
        var answer = await host.SendAsync(new HttpMethod(method), path, method == "POST" ? "{}" : null);
        Assert.Equal((404, "not_found", "application/problem+json"), (answer.Status, answer.Code, answer.MediaType));
    }

    [Theory]
    [InlineData("DELETE", "/api/v1/payments", "GET, POST")]
    [InlineData("PUT", "/api/v1/merchants/mer_1", "GET, PATCH")]
    [InlineData("GET", "/api/v1/payments/pay_1/capture", "POST")]
    [InlineData("PUT", "/api/v1/payments/pay_1/capture", "POST")]
    [InlineData("GET", "/api/v1/payments/pay_1/cancel", "POST")]
    [InlineData("DELETE", "/api/v1/payments/pay_1/cancel", "POST")]
    [InlineData("POST", "/health", "GET, HEAD")]
    public async Task A_wrong_method_is_a_problem_that_names_the_right_ones(string method, string path, string allow)
    {
        var answer = await host.SendAsync(new HttpMethod(method), path);
        Assert.Equal((405, "method_not_allowed"), (answer.Status, answer.Code));
        Assert.Equal(allow, string.Join(", ", answer.Headers["Allow"].Split(", ").Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("/api/v1/merchants?dry_run=true")]
    [InlineData("/api/v1/connectors?x=1")]
    [InlineData("/api/v1/payments?x=1")]
    [InlineData("/api/v1/payments/batch?x=1")]
    [InlineData("/api/v1/payments/validate?x=1")]
    [InlineData("/api/v1/payments/pay_1/confirm?x=1")]
    [InlineData("/api/v1/payments/pay_1/resolve?x=1")]
    [InlineData("/api/v1/payments/pay_1/capture?x=1")]
    [InlineData("/api/v1/payments/pay_1/cancel?amount=1")]
    public async Task A_query_where_none_belongs_is_refused(string path) =>
        Assert.Equal("unknown_field", (await host.PostAsync(path, "{}")).Code);

    [Fact]
    public async Task Every_answer_has_a_request_id()
    {
        foreach (var path in (string[])["/health", "/nothing", "/api/v1/merchants/mer_1", "/openapi/v1.json"])
        {
            var answer = await host.GetAsync(path);
            Assert.Matches("^req_[0-9a-f]{32}$", answer.Headers["Request-Id"]);
            if (answer.Status >= 400) Assert.Equal(answer.Headers["Request-Id"], answer.Json.GetProperty("request_id").GetString());
        }
    }

    [Theory]
    [InlineData("order-17_a.b", true)]
    [InlineData("has space", false)]
    [InlineData("4242424242424242", false)]
    [InlineData("a\"quote", false)]
    public async Task A_sane_request_id_is_taken_over(string id, bool taken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        request.Headers.TryAddWithoutValidation("Request-Id", id);
        Assert.Equal(taken, (await host.SendAsync(request)).Headers["Request-Id"] == id);
    }

    [Fact]
    public void The_servers_bounds_are_set_by_adding_the_API()
    {
        var limits = host.App.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.Equal((64 * 1024, 16 * 1024, 64), (limits.MaxRequestBodySize, limits.MaxRequestHeadersTotalSize, limits.MaxRequestHeaderCount));
        Assert.Equal(10_000, limits.MaxConcurrentConnections);
    }

    [Fact]
    public async Task The_server_does_not_name_itself() => Assert.False((await host.GetAsync("/health")).Headers.ContainsKey("Server"));

    [Fact]
    public async Task A_problem_has_all_its_members()
    {
        var answer = await host.PostAsync(Merchants, "{}");
        var json = answer.Json;
        Assert.Equal("https://docs.orleanspayments.dev/errors#missing_field", json.GetProperty("type").GetString());
        Assert.Equal(
            ["type", "title", "status", "detail", "code", "param", "request_id"],
            json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(400, json.GetProperty("status").GetInt32());
    }
}
