using System.Net.Sockets;
using System.Text;

namespace OrleansPayments.Silo.Api.Tests.Support;

/// <summary>HTTP written by hand, for what no client library would send.</summary>
internal static class RawHttp
{
    public static async Task<TcpClient> ConnectAsync(ApiHost host)
    {
        var client = new TcpClient();
        await client.ConnectAsync(host.Endpoint);
        return client;
    }

    /// <summary>The whole answer, read until the server closes the connection.</summary>
    public static async Task<string> SendAsync(ApiHost host, string method, string path, string? body, params (string Name, string Value)[] headers) =>
        await SendAsync(host, Request(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), [.. headers, ("Connection", "close")]));

    public static async Task<string> SendAsync(ApiHost host, byte[] request)
    {
        using var client = await ConnectAsync(host);
        var stream = client.GetStream();
        await stream.WriteAsync(request);
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer);
        }
        catch (IOException) when (answer.Length > 0)
        {
            // The server closed before it had read everything, and after it had answered.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }

    public static async Task WriteAsync(TcpClient client, string method, string path, string body, params (string Name, string Value)[] headers) =>
        await client.GetStream().WriteAsync(Request(method, path, Encoding.UTF8.GetBytes(body), headers));

    public static byte[] Request(string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        var head = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
        foreach (var (name, value) in headers) head.Append(System.Globalization.CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (body is not null && headers.All(header => header.Name is not ("Transfer-Encoding" or "Content-Length"))) head.Append(System.Globalization.CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        if (body is not null && headers.All(header => header.Name != "Content-Type")) head.Append("Content-Type: application/json\r\n");
        return [.. Encoding.UTF8.GetBytes(head + "\r\n"), .. body ?? []];
    }
}
