/** Each answers `GET /` with `hello`, and raises at `/boom` and, a moment later, at `/later`. */
export const FRAMEWORKS: Readonly<Record<string, string>> = {
  Express: `import express from 'express'
    export const app = express()
    app.get('/', (req, res) => { res.send('hello') })
    app.get('/boom', () => { throw new Error('boom') })
    app.get('/later', () => { setTimeout(() => { throw new Error('later') }, 1) })`,
  Koa: `import Koa from 'koa'
    export const app = new Koa()
    app.silent = true
    app.use(async (ctx) => {
      if (ctx.path === '/boom') throw new Error('boom')
      if (ctx.path === '/later') { setTimeout(() => { throw new Error('later') }, 1); await new Promise(() => {}) }
      ctx.body = 'hello'
    })`,
  Fastify: `import fastify from 'fastify'
    export const app = fastify()
    app.register(async (part) => { part.get('/', async () => 'hello') })
    app.get('/boom', async () => { throw new Error('boom') })
    app.get('/later', () => { setTimeout(() => { throw new Error('later') }, 1) })`,
  Hono: `import { Hono } from 'hono'
    export const app = new Hono()
    app.get('/', (c) => c.text('hello'))
    app.get('/boom', () => { throw new Error('boom') })
    app.get('/later', () => { setTimeout(() => { throw new Error('later') }, 1); return new Promise(() => {}) })`,
}
