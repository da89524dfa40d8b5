using System.Globalization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.OpenApi;

/// <summary>Describes a route by the <see cref="OperationDoc"/> in its metadata.</summary>
internal static class OperationTransformer
{
    public static Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var document = context.Document ?? throw new InvalidOperationException("The operation belongs to no document.");
        var doc = metadata.OfType<OperationDoc>().SingleOrDefault()
            ?? throw new InvalidOperationException($"The route {context.Description.RelativePath} has no {nameof(OperationDoc)}.");

        operation.OperationId = doc.OperationId;
        operation.Summary = doc.Summary;
        operation.Description = doc.Description;
        operation.Tags = new HashSet<OpenApiTagReference> { new(doc.Tag, document) };
        operation.Parameters = Parameters(operation, doc);
        operation.RequestBody = doc.Request is { } request
            ? Body(request, isRequired: !doc.IsRequestOptional, document)
            : doc.ForeignRequest is { } foreign ? ForeignBody(foreign) : null;
        operation.Responses = Responses(doc, document);
        operation.Security = doc.IsAuthenticated
            ? [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(DocumentTransformer.SecurityScheme, document)] = [] }]
            : [];
        return Task.CompletedTask;
    }

    private static List<IOpenApiParameter> Parameters(OpenApiOperation operation, OperationDoc doc)
    {
        List<IOpenApiParameter> parameters = [.. (operation.Parameters ?? []).Where(parameter => parameter.In == ParameterLocation.Path)];
        foreach (var query in doc.Query)
        {
            parameters.Add(new OpenApiParameter { Name = query.Name, In = ParameterLocation.Query, Description = query.Description, Schema = query.Schema });
        }

        parameters.Add(Header(RequestIdMiddleware.Header, "Taken over as the id of the request when it is sane.", Schemas.Pattern("^[A-Za-z0-9._-]{1,128}$")));
        if (IsRepeatable(doc))
        {
            parameters.Add(Header(
                IdempotencyKey.Header, "The same key and body again are answered as the first time, and have no second effect.",
                Schemas.Pattern("^[ -~]{1,255}$")));
        }

        return parameters;
    }

    private static OpenApiParameter Header(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Header, Description = description, Schema = schema };

    private static OpenApiRequestBody Body(string schema, bool isRequired, OpenApiDocument document) =>
        new() { Required = isRequired, Content = Content(JsonAnswer.MediaType, schema, document) };

    private static OpenApiRequestBody ForeignBody(string description) => new()
    {
        Required = true,
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["*/*"] = new OpenApiMediaType { Schema = new OpenApiSchema() } },
    };

    private static bool IsRepeatable(OperationDoc doc) => doc.Request is not null && doc.TakesIdempotencyKey;

    private static OpenApiResponses Responses(OperationDoc doc, OpenApiDocument document)
    {
        var responses = new OpenApiResponses
        {
            [Text(doc.Status)] = Response("The answer.", JsonAnswer.MediaType, doc.Answer, document),
        };
        if (doc.Status == StatusCodes.Status303SeeOther)
        {
            responses[Text(doc.Status)].Headers!.Add("Location", ResponseHeader("Where to go on.", Schemas.Text(1, 4096)));
        }

        if (IsRepeatable(doc))
        {
            responses[Text(doc.Status)].Headers!.Add(JsonAnswer.ReplayedHeader, ResponseHeader("true when an earlier request was answered so.", Schemas.OneOf(["true"])));
        }

        if (doc.Alternative is { } alternative)
        {
            responses[Text(alternative.Status)] = Response(alternative.Description, JsonAnswer.MediaType, alternative.Answer, document);
        }

        // Every route refuses methods that it does not have.
        foreach (var problems in doc.Problems.Add(ProblemCatalogue.MethodNotAllowed).GroupBy(kind => kind.Status).OrderBy(group => group.Key))
        {
            responses[Text(problems.Key)] = ProblemResponse(problems.Key, problems, doc.IsAuthenticated, document);
        }

        return responses;
    }

    private static OpenApiResponse ProblemResponse(int status, IEnumerable<ProblemKind> kinds, bool isAuthenticated, OpenApiDocument document)
    {
        var description = string.Join(" ", kinds.Select(kind => $"`{kind.Code}`: {kind.Title}."));
        var response = Response(description, ProblemAnswer.MediaType, "Problem", document);
        if (isAuthenticated && status == StatusCodes.Status401Unauthorized) response.Headers!.Add("WWW-Authenticate", ResponseHeader("Bearer.", Schemas.Text(1, 255)));
        if (status == StatusCodes.Status405MethodNotAllowed) response.Headers!.Add("Allow", ResponseHeader("The methods of this path.", Schemas.Text(1, 255)));
        if (status == StatusCodes.Status503ServiceUnavailable) response.Headers!.Add("Retry-After", ResponseHeader("In seconds.", Schemas.Integer(1, 3600)));
        return response;
    }

    private static OpenApiResponse Response(string description, string mediaType, string? schema, OpenApiDocument document) => new()
    {
        Description = description,
        Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
        {
            [RequestIdMiddleware.Header] = ResponseHeader("The id of the request.", Schemas.Text(1, 128)),
        },
        Content = schema is null ? null : Content(mediaType, schema, document),
    };

    private static OpenApiHeader ResponseHeader(string description, OpenApiSchema schema) => new() { Description = description, Schema = schema };

    private static Dictionary<string, OpenApiMediaType> Content(string mediaType, string schema, OpenApiDocument document) =>
        new(StringComparer.Ordinal) { [mediaType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(schema, document) } };

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
